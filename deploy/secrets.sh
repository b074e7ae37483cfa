#!/bin/sh
# The settings of a new installation, with secrets made for it, in files that only their owner may read:
#   deploy/secrets.sh clinic.example [host of the database, localhost]
# .env is the program's; secrets/owner.env and secrets/backup.env name other accounts of the database to it;
# secrets/database.env has the passwords of all three, for deploy/accounts.sh.
set -eu
site=${1:?the name that the site is reached by} database=${2:-localhost}
cd "$(dirname "$0")/.."
for file in .env secrets; do
    [ ! -e "$file" ] || { echo "$file is there already: nothing was changed." >&2; exit 1; }
done

umask 077
mkdir secrets
new() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
web=$(new) owner=$(new) backup=$(new)
sed -e "s|^SECRET_KEY=.*|SECRET_KEY=$(new)|" \
    -e "s|^ALLOWED_HOSTS=.*|ALLOWED_HOSTS=$site|" \
    -e "s|^# DATABASE_URL=mysql://user.*|DATABASE_URL=mysql://appointments:$web@$database/appointments|" \
    -e "s|^# BACKUP_FOLDER=|BACKUP_FOLDER=|" -e "s|^# DAY_SHEET_FOLDER=|DAY_SHEET_FOLDER=|" \
    -e "s|^# BEHIND_TLS_PROXY=.*|BEHIND_TLS_PROXY=true|" \
    -e "s|^# TRUSTED_PROXIES=1$|TRUSTED_PROXIES=1|" .env.example >.env
echo "DATABASE_URL=mysql://appointments_owner:$owner@$database/appointments" >secrets/owner.env
echo "DATABASE_URL=mysql://appointments_backup:$backup@$database/appointments" >secrets/backup.env
cat >secrets/database.env <<END
MARIADB_ROOT_PASSWORD=$(new)
WEB_PASSWORD=$web
OWNER_PASSWORD=$owner
BACKUP_PASSWORD=$backup
END
echo "Wrote .env and secrets/. Look through .env: the clinic's name, its time zone, its language."
