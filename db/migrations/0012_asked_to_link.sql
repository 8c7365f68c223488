-- When an owner last asked a member by e-mail to link their own Google account.
ALTER TABLE "members" ADD COLUMN "asked_to_link_at" timestamptz;
