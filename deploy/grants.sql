-- The database, and an account for each purpose with no more rights than that needs. deploy/accounts.sh puts the
-- passwords in and the host that each may come from. Run again, it sets both passwords and rights anew.
CREATE DATABASE IF NOT EXISTS appointments CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- The pages, the API and the jobs: rows, and nothing about tables. Whoever took the program over can drop nothing.
CREATE USER IF NOT EXISTS 'appointments'@'ALLOWED_HOST';
ALTER USER 'appointments'@'ALLOWED_HOST' IDENTIFIED BY 'WEB_PASSWORD';
GRANT SELECT, INSERT, UPDATE, DELETE ON appointments.* TO 'appointments'@'ALLOWED_HOST';

-- migrate, adopt_legacy and restore, by hand.
CREATE USER IF NOT EXISTS 'appointments_owner'@'ALLOWED_HOST';
ALTER USER 'appointments_owner'@'ALLOWED_HOST' IDENTIFIED BY 'OWNER_PASSWORD';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, LOCK TABLES, CREATE TEMPORARY TABLES,
    CREATE VIEW, SHOW VIEW, TRIGGER ON appointments.* TO 'appointments_owner'@'ALLOWED_HOST';

-- Backups read everything and change nothing.
CREATE USER IF NOT EXISTS 'appointments_backup'@'ALLOWED_HOST';
ALTER USER 'appointments_backup'@'ALLOWED_HOST' IDENTIFIED BY 'BACKUP_PASSWORD';
GRANT SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT ON appointments.* TO 'appointments_backup'@'ALLOWED_HOST';
