#!/bin/sh
# Run by the image of PostgreSQL when it makes its database: the application's login, which does not own the tables.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$(cat /run/secrets/application_password)" \
    --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" << 'SQL'
create role casebeat_app nologin;
create role casebeat_report nologin;
create role casebeat login password :'password' in role casebeat_app;
revoke connect, temporary on database casebeat from public;
grant connect on database casebeat to casebeat_app, casebeat_report;
SQL
