#!/usr/bin/env bash
# Tests under an emulated aarch64 processor: for a machine that has none. Slow (a kernel takes seconds to
# compile), so not in CI; what it found, and when, stands in docs/machines.md.
#
#   apt-get install debootstrap qemu-user-static
#   bench/emulated/aarch64.sh FOLDER [arguments of pytest; default: the kernels and the integer battery]
#
# FOLDER, outside the project, becomes a Debian for arm64 with its own Python 3.11 (no boot, no chroot, nothing
# registered with the kernel: QEMU alone translates the program), and keeps wheels and compiled kernels.
# convlens is built anew each time; a process that a test starts runs under QEMU, too.
set -euo pipefail
project=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "${1:?give a FOLDER, outside the project}"
folder=$(cd "$1" && pwd)
shift
root=$folder/root

if [ ! -x "$root/usr/bin/python3.11" ]; then
    debootstrap --foreign --arch=arm64 --variant=minbase --include=python3,libgomp1 bookworm "$root"
    for package in "$root"/var/cache/apt/archives/*.deb; do dpkg -x "$package" "$root"; done
fi

site=$folder/site
rm -rf "$folder/own" "$site" "$folder"/wheels/convlens-*
mkdir -p "$site"
python3 -m pip wheel --quiet --no-deps --wheel-dir "$folder/own" "$project"
for libc in 17 27 28; do tags="${tags:-} --platform manylinux_2_${libc}_aarch64"; done
# shellcheck disable=SC2086  # words, one option each
python3 -m pip download --quiet $tags --platform manylinux2014_aarch64 --python-version 3.11 \
    --only-binary=:all: --dest "$folder/wheels" --find-links "$folder/wheels" \
    "$folder"/own/*.whl hypothesis pytest pytest-randomly pytest-timeout pytest-xdist
for wheel in "$folder"/wheels/*.whl; do python3 -m zipfile --extract "$wheel" "$site"; done

# What the emulated Python starts is this script's Python again, not a program for another processor.
cat > "$folder/python" <<END
#!/bin/sh
export PYTHONPATH="$site"
exec qemu-aarch64-static -L "$root" "$root/usr/bin/python3.11" "\$@"
END
chmod +x "$folder/python"
echo "import sys; sys.executable = '$folder/python'" > "$site/sitecustomize.py"

tests=("$@")
if [ $# -eq 0 ]; then
    kernels=$project/tests/kernels engine=$project/tests/engine
    tests=(
        "$kernels"/test_{pool,tapes,slots,spans,threads,thread_file}.py
        "$engine"/test_{programs,groups,thread_choice,thread_trial}.py
        "$kernels"/test_{vectors,transforms,epilogues,masking,gather,layout,loss_kernel,packing}.py
        "$engine"/test_exact.py
        "$kernels"/test_{affine_kernel,pooling_kernel,forward,input_windows}.py
        "$kernels"/test_filters_{dense,pooled,sparse,winograd}.py
        "$engine"/test_{fused_optimizers,fallback,plan,batch,determinism,engine_house,rehearsal}.py
        "$kernels"/test_{environment,cache,without_numba}.py
    )
fi
export CONVLENS_CACHE_DIR=$folder/cache
cd "$project"
"$folder/python" -m pytest --override-ini addopts= --override-ini timeout=0 -p no:randomly \
    -p no:cacheprovider -v -rfE --durations=20 "${tests[@]}"
