#!/bin/sh
# Debian packages, where what they bring is missing: installed by root, asked for in one line by anybody else.
#   tools/system.sh "for a private MariaDB" mariadb-server-core mariadb-client
set -u
why=$1 python=${PYTHON:-python3}
shift
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # where servers live

has() { for name; do command -v "$name" && return; done; return 1; }

present() { # from whatever source
    case $1 in
    python3-venv) "$python" -c 'import venv, ensurepip' ;;
    python3-dev) "$python" -c 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")' ;;
    gcc) has gcc cc clang ;;
    pkg-config) has pkg-config pkgconf ;;
    # The names that mysqlclient asks for.
    libmariadb-dev) for lib in mysqlclient mariadb libmariadb; do pkg-config --exists $lib && return; done; false ;;
    mariadb-server-core) has mariadbd && has mariadb-install-db ;;
    mariadb-client) has mariadb ;;
    mariadb-server) has wsrep_sst_rsync ;;
    galera-4) find /usr/lib/galera -name 'libgalera_smm.so' | grep . ;;
    # tools/chromium.py looks for the same programs.
    chromium-headless-shell) has "${CHROMIUM:-chromium-headless-shell}" chromium chromium-browser google-chrome ;;
    # Those that the style sheet asks for: any other is wider, and cuts off what would fit.
    fonts-liberation) ! has apt-get || find /usr/share/fonts | grep -E '/(LiberationSans|NotoSans-|Roboto-|Arial)' ;;
    default-jre-headless) has java ;;
    nginx-light) has nginx ;;
    nodejs) has node ;;
    php-cli) has php ;;
    systemd) has systemd-analyze ;;
    *) has "$1" ;;
    esac >/dev/null 2>&1
}

missing=
for package; do present "$package" || missing="$missing $package"; done
[ "$missing" ] || exit 0
if ! has apt-get >/dev/null; then
    echo "Missing $why: install what Debian calls$missing." >&2
    exit 1
elif [ "$(id -u)" != 0 ]; then
    echo "Missing $why: ask an administrator for: apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "Installing system packages $why:$missing"
apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@" 2>&1; }
# shellcheck disable=SC2086 # a list of names
install() { apt install -y --no-install-recommends $missing; }
if said=$(install) || { apt update >/dev/null && said=$(install); }; then exit 0; fi
echo "apt-get could not install$missing: $(echo "$said" | tail -n 1)" >&2
exit 1
