#!/bin/sh
# Inside a container of release.yml: installs Rust, then tests and checks the package. Needs RUST_VERSION.
set -eu
if command -v apk >/dev/null; then
  apk add --no-cache build-base curl git
fi
curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --default-toolchain "$RUST_VERSION"
. "$HOME/.cargo/env"
npm test
node scripts/check-contract.mjs
node scripts/check-package.mjs
