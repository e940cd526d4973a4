-- Keys lay open here. From now on they are sealed under a key that is not in the database; this rewrites the table, so
-- that no old page holds one. A webhook from before is told nothing (`key_unreadable`) until it is added again.
ALTER TABLE "workflow"."webhooks" ALTER COLUMN "secret" SET DATA TYPE "bytea" USING ''::bytea;
