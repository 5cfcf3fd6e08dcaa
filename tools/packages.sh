# Installs Debian's packages, and shows the progress. tools/setup and tools/lint source it after progress.sh. `packages` are needed;
# those of `optional` are installed if this release of Debian has them. $log is the file of the output.

packages=(
  ccache cmake g++ git ninja-build
  catch2 libboost-dev libcli11-dev libdnnl-dev libfmt-dev libgif-dev libicu-dev libkainjow-mustache-dev libopenblas-dev
  libopencv-dnn-dev libopencv-imgcodecs-dev libspdlog-dev libssl-dev libtiff-dev libtomlplusplus-dev libtorch-dev libwebp-dev
  libzip-dev nlohmann-json3-dev zlib1g-dev
)
optional=(libonnxruntime-dev) # Debian 12 does not have it; OpenCV runs ONNX models there

# Runs a command with its output in the log. Shows the end of the log when the command fails.
logged() { "$@" >>"$log" 2>&1 || failed "$*"; }
failed() {
  progress_end "failed: $1"
  tail -n 40 "$log" >&2
  echo "The whole log is $PWD/$log" >&2
  exit 1
}

# Reads the output of apt-get, which installs $1 packages, and shows its progress.
show_packages() {
  local line fetched=0 unpacked=0 configured=0
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    case $line in
      Get:*) progress "Packages: downloaded $((++fetched)) of $1" ;;
      Unpacking*) progress "Packages: unpacked $((++unpacked)) of $1" ;;
      'Setting up'*) progress "Packages: set up $((++configured)) of $1" ;;
    esac
  done
}

is_installed() { dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# Adds optional packages to the array missing, if this release of Debian has them.
add_optional() {
  local package
  for package in "${optional[@]}"; do
    [[ " ${missing[*]} " == *" $package "* ]] || is_installed "$package" || ! apt-cache show "$package" &>/dev/null ||
      missing+=("$package")
  done
}

install_missing() {
  if ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian system. Install your system's packages for: ${packages[*]}"
    return
  fi
  local missing=() package
  for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  add_optional
  if ((${#missing[@]} == 0)); then return; fi
  local as_root=()
  if ((EUID != 0)); then
    echo "Installing packages needs administrator rights (once):"
    as_root=(sudo)
  fi
  local begin=$SECONDS total install=(env DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0 install -y --no-install-recommends)
  echo "Installing from Debian: ${missing[*]}"
  progress "Packages: updating the lists"
  logged "${as_root[@]}" apt-get update -qq
  add_optional # a new system knows no packages before the update
  total=$("${install[@]}" --simulate "${missing[@]}" 2>>"$log" | grep -c '^Inst ') || failed "apt-get install --simulate"
  "${as_root[@]}" "${install[@]}" "${missing[@]}" 2>&1 </dev/null | show_packages "$total" || failed "apt-get install"
  progress_end "Packages: $total installed in $(duration $((SECONDS - begin)))"
}
