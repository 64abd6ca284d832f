"""What LaTeX would stumble over in a file that is written for it."""

import re

ARGUMENTS = re.compile(r"\\(?:label|input|citep|includegraphics(?:\[.*?\])?)\{[^{}]*\}")


def faults(text):
    """What LaTeX would stumble over: braces, environments, mathematics, characters that mean something."""
    bare = re.sub(r"(?m)(?:^|(?<=} ))%.*$", "", ARGUMENTS.sub("", text))
    bare = re.sub(r"\\[\\&%$#_{}]", "", bare)
    depth, found = 0, []
    for char in bare:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth < 0:
            break
    found += ["braces"] * (depth != 0)
    opened = []
    for what, name in re.findall(r"\\(begin|end)\{(\w+)\}", bare):
        if what == "begin":
            opened.append(name)
        elif not opened or opened.pop() != name:
            found.append(f"end of {name}")
    found += opened
    plain = re.sub(r"\$[^$]*\$", "", bare)
    plain = re.sub(r"\{!\}\{%\n", "", plain)
    found += re.findall(r"[$#^_%~](?!\S)|[#^_%$]", plain.replace("~", ""))
    tables = re.findall(
        r"\\begin\{(?:tabular|longtable)\}.*?\\end\{(?:tabular|longtable)\}", plain, re.DOTALL
    )
    found += ["&"] * ("&" in plain and not tables)
    return found
