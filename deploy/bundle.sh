#!/bin/sh
# bundle.sh: dist/povreg-VERSION-offline.tar.gz with code, wheels and collected static files, for a host without internet.
# There: tar xf …; cd povreg; python3 -m venv .venv; .venv/bin/pip install --no-index --find-links wheels -r requirements.txt
set -eu
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p dist "$work/povreg/wheels"
git archive HEAD | tar -x -C "$work/povreg"
.venv/bin/pip download --quiet --only-binary :all: --dest "$work/povreg/wheels" -r requirements.txt
POVREG_HOME="$work/home" STATIC_ROOT="$work/povreg/staticfiles" .venv/bin/python manage.py collectstatic --noinput --verbosity 0
(cd "$work/povreg" && sha256sum wheels/* > wheels.sha256)
tar -C "$work" -czf "dist/povreg-$version-offline.tar.gz" povreg
ls -l "dist/povreg-$version-offline.tar.gz"
