"""How large the package is: lines of code without docstrings, comments and blanks, and what is too long.

python benchmarks/count.py            a table of packages, then totals
python benchmarks/count.py --long     functions over 60 lines and modules over 400 as well
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import Counter
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "cbanalysis"
FUNCTION, MODULE = 60, 400
_EMPTY = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def code_lines(text: str) -> set[int]:
    """Return the numbers of the lines that hold code: no docstring, comment or blank."""
    lines = {
        number
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in _EMPTY
        for number in range(token.start[0], token.end[0] + 1)
    }
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                lines -= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines


def main() -> None:
    """Print the table."""
    packages: Counter[str] = Counter()
    files: Counter[str] = Counter()
    with_lang, public, long = 0, 0, []
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        lines, tree = code_lines(text), ast.parse(text)
        name = path.relative_to(SOURCE)
        package = name.parts[0] if len(name.parts) > 1 else "."
        packages[package] += len(lines)
        files[package] += 1
        if len(lines) > MODULE:
            long.append(f"{name}: {len(lines)} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                arguments = node.args
                names = {one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
                with_lang += "lang" in names
                length = len(lines & set(range(node.lineno, (node.end_lineno or node.lineno) + 1)))
                if length > FUNCTION:
                    long.append(f"{name}:{node.lineno} {node.name}: {length} lines")
            elif (
                path.name == "__init__.py"
                and isinstance(node, ast.Assign)
                and getattr(node.targets[0], "id", "") == "__all__"
            ):
                public += len(ast.literal_eval(node.value))
    for package, count in packages.most_common():
        print(f"{package:20} {count:7,} lines {files[package]:4} files")
    print(f"{'all':20} {sum(packages.values()):7,} lines {sum(files.values()):4} files")
    print(f"{with_lang} functions with lang, {public} public names, {len(long)} too long")
    if "--long" in sys.argv:
        print(*long, sep="\n")


if __name__ == "__main__":
    main()
