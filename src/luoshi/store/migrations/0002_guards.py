"""What the database itself sees to: facts are never changed, and Chinese text can be searched."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION luoshi_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'facts are only ever appended: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER luoshi_fact_rows BEFORE UPDATE OR DELETE ON luoshi_fact
    FOR EACH ROW EXECUTE FUNCTION luoshi_append_only();
CREATE TRIGGER luoshi_fact_table BEFORE TRUNCATE ON luoshi_fact
    FOR EACH STATEMENT EXECUTE FUNCTION luoshi_append_only();
ALTER TABLE luoshi_fact ENABLE ALWAYS TRIGGER luoshi_fact_rows;
ALTER TABLE luoshi_fact ENABLE ALWAYS TRIGGER luoshi_fact_table;
"""

UNGUARD = """
DROP TRIGGER luoshi_fact_rows ON luoshi_fact;
DROP TRIGGER luoshi_fact_table ON luoshi_fact;
DROP FUNCTION luoshi_append_only();
"""

SEARCH = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX personal_text ON luoshi_personal USING gin (value gin_trgm_ops)
    WHERE field IN ('subject', 'content', 'address');
CREATE INDEX public_text ON luoshi_public USING gin (subject gin_trgm_ops);
"""

UNSEARCH = "DROP INDEX personal_text; DROP INDEX public_text;"


class Migration(migrations.Migration):
    """Guards and search."""

    dependencies = [("store", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, UNGUARD),
        migrations.RunSQL(SEARCH, UNSEARCH),
    ]
