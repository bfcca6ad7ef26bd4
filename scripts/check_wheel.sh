#!/bin/sh
# Builds the wheel from the sdist, installs it with its locked dependencies into a clean environment, and works with it
# from an empty folder: nothing of the checkout may be needed.
# Usage: check_wheel.sh BIN, where BIN holds python and uv.
set -eu

bin=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

cd "$root"
"$bin/python" -m hatchling build --target sdist --directory "$work/dist" >/dev/null 2>&1
mkdir "$work/source"
tar -xzf "$work"/dist/*.tar.gz -C "$work/source" --strip-components 1
(cd "$work/source" && "$bin/python" -m hatchling build --target wheel --directory "$work/dist" >/dev/null 2>&1)

"$bin/uv" venv --quiet --python "$bin/python" "$work/venv"
VIRTUAL_ENV=$work/venv "$bin/uv" pip sync --quiet --require-hashes "$root/requirements/runtime.txt"
VIRTUAL_ENV=$work/venv "$bin/uv" pip install --quiet --no-deps "$work"/dist/*.whl

mkdir "$work/empty"
cd "$work/empty"
PROVISO_STATE=$work/state
export PROVISO_STATE
proviso=$work/venv/bin/proviso
"$proviso" --version
"$proviso" init project
"$proviso" order check --quiet project/examples/orders
"$proviso" order plan project/examples/orders/fullfiber.yaml >/dev/null
test ! -e "$PROVISO_STATE" || { echo "a plan left traces in $PROVISO_STATE" >&2; exit 1; }
"$proviso" order accept project/examples/orders/fullfiber.yaml >/dev/null
"$proviso" line show L-1 >/dev/null
echo "wheel: builds from the sdist, installs clean, and works from an empty folder"
