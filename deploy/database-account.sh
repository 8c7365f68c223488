#!/bin/sh
# Run by the Postgres image when its volume is empty: creates an account that owns the product's
# database and is no superuser, like the manual steps in docs/deploy.md. Afterwards the superuser
# can connect from inside the container only.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$POSTGRES_PASSWORD" --username=postgres --dbname=postgres --quiet <<'SQL'
create role sophiie login password :'password';
create role sophiie_business nologin noinherit;
grant sophiie_business to sophiie;
create database sophiie owner sophiie;
\connect sophiie
create extension btree_gist;
alter role postgres password null;
SQL
