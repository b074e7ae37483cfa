"""A made-up clinic for trying the program out. `manage.py load_demo` puts it into an empty database."""
