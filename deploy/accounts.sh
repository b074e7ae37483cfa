# Makes the database and its accounts (grants.sql), with the passwords of secrets/database.env:
#   sudo sh deploy/accounts.sh                on the database's machine, for a program on the same
#   sudo ALLOWED_HOST=10.0.0.7 sh deploy/accounts.sh     for a program on that machine
# In a container of the mariadb image it is read by the image's own script, with the passwords in the environment.
here=${GRANTS:-$(dirname "$0")}
[ -n "${WEB_PASSWORD-}" ] || . "$here/../secrets/database.env"

grants() {
    sed -e "s|ALLOWED_HOST|${ALLOWED_HOST:-localhost}|" -e "s|WEB_PASSWORD|$WEB_PASSWORD|" \
        -e "s|OWNER_PASSWORD|$OWNER_PASSWORD|" -e "s|BACKUP_PASSWORD|$BACKUP_PASSWORD|" "$here/grants.sql"
}

if command -v docker_process_sql >/dev/null; then
    grants | docker_process_sql --database=mysql
else
    grants | mariadb
fi
