"""What the database itself sees to: facts are never changed."""

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


class Migration(migrations.Migration):
    """Guards."""

    dependencies = [("store", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, UNGUARD),
    ]
