"""What a trial that a person runs prints of each of its parts."""


def told(name, figures, faults):
    """Print the figures and the faults; whether there were any."""
    print(f"-- {name}")
    for what, figure in figures.items():
        print(f"   {what}: {figure}")
    for fault in faults:
        print(f"   FAULT {fault}")
    print(end="", flush=True)
    return bool(faults)
