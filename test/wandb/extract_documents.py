"""Prints the GraphQL of a wandb package as JSON: {"documents": [{"place", "name", "text"}], "inputs": {type: [field]}}.

    python3 extract_documents.py FOLDER/wandb

The package is read, not imported. Takes the string constants of its Python files and the clear text inside the wandb-core program. Documents that exist only at run
time (built by formatting) appear with the parts that the source spells out, or not at all.
"""

import ast
import json
import os
import re
import sys

OPERATION = re.compile(r"^[ \t]*(?:query|mutation)\s+(\w+)\s*[({]", re.MULTILINE)


def balanced(text):
    return "{" in text and text.count("{") == text.count("}")


def constants(tree):
    """String constants and f-strings (formatted values left out), each once."""
    inside = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside.update(id(part) for part in node.values)
            yield "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


def python_documents(package):
    fragments = {}
    found = []
    for folder, _, files in os.walk(package):
        if "vendor" in folder or "/tests" in folder:
            continue
        for file in sorted(files):
            if not file.endswith(".py"):
                continue
            path = os.path.join(folder, file)
            with open(path, encoding="utf-8") as source:
                text = source.read()
            if "query " not in text and "mutation " not in text and "fragment " not in text:
                continue
            for constant in constants(ast.parse(text)):
                if not balanced(constant):
                    continue
                place = os.path.relpath(path, package)
                operation = OPERATION.search(constant)
                if operation:
                    found.append({"place": place, "name": operation.group(1), "text": constant})
                elif fragment := re.match(r"\s*fragment\s+(\w+)\s+on\s", constant):
                    fragments[fragment.group(1)] = constant
    for document in found:
        document["text"] = with_fragments(document["text"], fragments)
    return found


def with_fragments(text, fragments):
    while True:
        named = set(re.findall(r"\.\.\.\s*(?!on\b)(\w+)", text))
        held = set(re.findall(r"\bfragment\s+(\w+)\s+on\s", text))
        missing = sorted((named - held) & set(fragments))
        if not missing:
            return text
        text += "".join("\n" + fragments[name] for name in missing)


def block_end(data, start):
    """The position behind the closing brace of the block that starts here; None where there is no such text."""
    depth = 0
    for at in range(start, min(len(data), start + 50_000)):
        byte = data[at]
        if byte == 0x7B:
            depth += 1
        elif byte == 0x7D:
            depth -= 1
            if depth == 0:
                return at + 1
        elif byte > 126 or (byte < 32 and byte not in b"\t\n\r"):
            return None
    return None


def core_documents(package):
    program = os.path.join(package, "bin", "wandb-core")
    if not os.path.exists(program):
        program += ".exe"
    with open(program, "rb") as file:
        data = file.read()
    found = {}
    for match in re.finditer(rb"(?:query|mutation) ([A-Z]\w*) ?[({]", data):
        end = block_end(data, match.start())
        while end is not None and (fragment := re.match(rb"\s*fragment \w+ on \w+ ?\{", data[end : end + 300])):
            end = block_end(data, end + fragment.end() - 1)
        if end is not None:
            text = data[match.start() : end].decode("ascii")
            found[text] = {"place": "wandb-core", "name": match.group(1).decode("ascii"), "text": text}
    return list(found.values())


def input_types(package):
    """The generated input types with the names that their fields have on the wire."""
    found = {}
    for folder, _, files in os.walk(package):
        if "input_types.py" not in files:
            continue
        with open(os.path.join(folder, "input_types.py"), encoding="utf-8") as source:
            classes = [node for node in ast.parse(source.read()).body if isinstance(node, ast.ClassDef)]
        for node in classes:
            found[node.name] = [wire_name(field) for field in node.body if isinstance(field, ast.AnnAssign)]
    return found


def wire_name(field):
    keywords = field.value.keywords if isinstance(field.value, ast.Call) else []
    aliases = [keyword.value.value for keyword in keywords if keyword.arg == "alias"]
    return aliases[0] if aliases else field.target.id


def main():
    package = sys.argv[1]
    documents = python_documents(package) + core_documents(package)
    json.dump({"documents": documents, "inputs": input_types(package)}, sys.stdout)


main()
