#!/bin/sh
# Run by the image of Postgres when its volume is new: the product gets an account that owns its database and is no
# administrator, as docs/deploy.md makes it by hand elsewhere. The administrator is then reached from inside the container alone.
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
