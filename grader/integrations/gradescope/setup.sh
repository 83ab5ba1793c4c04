#!/usr/bin/env bash
# Makes the Python environment that run_autograder uses. Gradescope runs this once, as root, when it builds the image.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${here%/source}
source=$root/source
export DEBIAN_FRONTEND=noninteractive

is_usable() { # Python 3.11 or newer with all that makes an environment; Debian packs ensurepip apart
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if is_usable "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    apt-get update -qq
    for package in python3-venv python3.13-venv python3.12-venv python3.11-venv; do
        apt-get install -y -qq "$package" || continue
        python=$(find_python) && break
    done
fi
if [ -z "$python" ]; then
    echo "No Python 3.11 or newer: choose Ubuntu 22.04 or newer, or Debian 12, as the autograder's base image." >&2
    exit 1
fi

"$python" -m venv "$root/venv"
install=("$root/venv/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check)
if [ -f "$source/torch.txt" ]; then # first, and without CUDA, which is gigabytes: uv knows where to find it, pip does not
    if grep -q -- --index-url "$source/torch.txt" || ! "${install[@]}" uv ||
        ! "$root/venv/bin/uv" --no-config pip install --quiet --no-cache --python "$root/venv/bin/python" \
            --torch-backend cpu -r "$source/torch.txt"; then
        "${install[@]}" -r "$source/torch.txt"
    fi
fi
"${install[@]}" "$source"

# Shown where the build's output is shown. The container that grades may have other walls: it looks for itself.
"$root/venv/bin/python" -P -m grader doctor ||
    echo "A wall of the sandbox is missing here. See docs/gradescope.md, and the option --allow-unsandboxed." >&2
