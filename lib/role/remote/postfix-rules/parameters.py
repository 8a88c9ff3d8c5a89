"""The lines of main.cf, postconf(5)."""


def settings(text):
    """Number of the first line, name and value of each logical line; continuation lines belong to their parameter."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace() and found:
            found[-1][2].append(line.strip())
            continue
        name, _, value = line.partition("=")
        found.append([number, name.strip(), [value.strip()]])
    return [(number, name, " ".join(parts)) for number, name, parts in found]
