-- The circle beside the tenant: the policy that stands next to it names the tenant already. Named in both, each row passed a
-- step that compares the two.
DO $$ DECLARE
  name text;
  is_system text := '(SELECT coalesce(current_setting(''app.via'', true), '''')) = ''system''';
  member text := '(SELECT coalesce(current_setting(''app.member_id'', true), ''''))';
  circle text;
BEGIN
  FOREACH name IN ARRAY ARRAY['intel.mail_messages', 'intel.mail_recipients', 'intel.mail_threads', 'intel.mail_segments',
    'intel.mail_attachments', 'intel.mailbox_messages', 'intel.interactions', 'intel.interaction_people', 'workflow.proposals'] LOOP
    circle := format('(only_for IS NULL OR %s = ANY (only_for) OR %s)', member, is_system);
    IF name IN ('intel.mail_messages', 'intel.mail_recipients', 'intel.mail_threads', 'intel.mail_segments') THEN
      circle := format('%s AND (not_for IS NULL OR NOT %s = ANY (not_for) OR %s)', circle, member, is_system);
    END IF;
    EXECUTE format('ALTER POLICY %I ON %s USING (%s) WITH CHECK (%s)', split_part(name, '.', 2) || '_circle', name, circle, circle);
    IF name NOT IN ('intel.mail_segments', 'intel.mailbox_messages', 'workflow.proposals') THEN
      EXECUTE format('ALTER POLICY %I ON %s USING (%s)', split_part(name, '.', 2) || '_circle_asked', name, circle);
    END IF;
  END LOOP;
END $$;
