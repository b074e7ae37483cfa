"""`python -m bench.inside`: one database at one size, named by DATABASE_URL. `bench.__main__` starts it."""

import django

django.setup()

from bench.measure import main  # noqa: E402  (models need the settings)

if __name__ == "__main__":
    main()
