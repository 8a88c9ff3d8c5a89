"""The lines of main.cf, postconf(5)."""


def settings(text):
    """Number of the first line, name and value of each logical line; continuation lines belong to their parameter."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip(" \t") or line.lstrip(" \t").startswith("#"):
            continue
        if line[0] in " \t" and found:
            found[-1][2].append(line.strip(" \t"))
            continue
        name, _, value = line.partition("=")
        found.append([number, name.strip(" \t"), [value.strip(" \t")]])
    return [(number, name, " ".join(parts)) for number, name, parts in found]
