-- Row security keeps GIN and trigram indexes from being used (their operators are not leakproof), so searching goes
-- through functions owned by tact_search, which filter by the tenant of the transaction themselves.
ALTER TABLE crm.people
  ADD COLUMN name_folded text GENERATED ALWAYS AS (
    btrim(core.fold(coalesce(given_name, '') || ' ' || coalesce(family_name, '')))) STORED,
  ADD COLUMN search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', core.fold(coalesce(given_name, '') || ' ' || coalesce(family_name, ''))), 'A') ||
    setweight(to_tsvector('simple', core.fold(coalesce(title, '') || ' ' || coalesce(role, '') || ' ' || coalesce(city, ''))), 'C') ||
    setweight(to_tsvector('english', left(core.fold(coalesce(notes, '')), 150000)), 'D')) STORED;--> statement-breakpoint
CREATE INDEX people_search ON crm.people USING gin (tenant_id, search) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX people_name_trigrams ON crm.people USING gin (tenant_id, name_folded public.gin_trgm_ops) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX person_emails_trigrams ON crm.person_emails USING gin (tenant_id, address public.gin_trgm_ops) WHERE deleted_at IS NULL;--> statement-breakpoint
ALTER TABLE crm.companies
  ADD COLUMN name_folded text GENERATED ALWAYS AS (btrim(core.fold(name))) STORED,
  ADD COLUMN search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', core.fold(name)), 'A') ||
    setweight(to_tsvector('simple', lower(coalesce(domain, '') || ' ' || translate(coalesce(domain, ''), '.-', '  '))), 'B') ||
    setweight(to_tsvector('simple', core.fold(coalesce(industry, '') || ' ' || coalesce(city, ''))), 'C') ||
    setweight(to_tsvector('english', left(core.fold(coalesce(notes, '')), 150000)), 'D')) STORED;--> statement-breakpoint
CREATE INDEX companies_search ON crm.companies USING gin (tenant_id, search) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX companies_name_trigrams ON crm.companies USING gin (tenant_id, name_folded public.gin_trgm_ops) WHERE deleted_at IS NULL;--> statement-breakpoint
-- Mail: subject before sender before body. A tsvector holds a megabyte at most, hence the cut.
ALTER TABLE intel.mail_messages
  ADD COLUMN search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', left(core.fold(subject), 2000)), 'A') ||
    setweight(to_tsvector('simple', left(core.fold(coalesce(from_name, '') || ' ' || coalesce(from_address, '')), 2000)), 'B') ||
    setweight(to_tsvector('english', left(core.fold(body_text), 150000)), 'C')) STORED;--> statement-breakpoint
CREATE INDEX mail_messages_search ON intel.mail_messages USING gin (tenant_id, search) WHERE deleted_at IS NULL;--> statement-breakpoint
-- `dana whit` -> 'dana':* & 'whit':*; by the parser that made the index, so that tokens agree. Null when nothing is left.
CREATE FUNCTION core.prefix_query(folded text, joiner text, suffix text) RETURNS tsquery LANGUAGE sql IMMUTABLE
AS $$
  SELECT string_agg('''' || replace(replace(word, '\', '\\'), '''', '''''') || ''':*' || suffix, joiner)::tsquery
  FROM unnest(tsvector_to_array(to_tsvector('simple', folded))) AS word
$$;--> statement-breakpoint
CREATE FUNCTION core.like_pattern(value text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT '%' || replace(replace(replace(value, '\', '\\'), '%', '\%'), '_', '\_') || '%' $$;--> statement-breakpoint
-- The owner of these functions is subject to row security (its policy lets everything through), and then the planner will
-- not look at statistics of text columns: it takes 1 % for every match and reads small tables whole, testing each name
-- for similarity. With cpu_tuple_cost a row that is looked at counts more, so that the GIN index is taken at any size.
CREATE FUNCTION crm.search_people(query text, max int) RETURNS TABLE (id uuid, score real)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan
SET cpu_tuple_cost = 1
SET pg_trgm.word_similarity_threshold = 0.45
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid := core.current_tenant();
  wanted text := btrim(core.fold(query));
  in_name tsquery := core.prefix_query(wanted, ' & ', 'A');
  anywhere tsquery := core.prefix_query(wanted, ' & ', '');
  some_word tsquery := core.prefix_query(wanted, ' | ', 'A');
BEGIN
  IF tenant IS NULL OR coalesce(wanted, '') = '' THEN RETURN; END IF;
  RETURN QUERY
  SELECT found.id, max(found.score)::real FROM (
    SELECT p.id, CASE WHEN p.name_folded = wanted THEN 1.0 WHEN p.search @@ in_name THEN 0.9 ELSE 0.5 END AS score
    FROM crm.people p WHERE p.tenant_id = tenant AND p.deleted_at IS NULL AND p.search @@ anywhere
    UNION ALL
    SELECT e.person_id, CASE WHEN e.address = wanted THEN 1.0 ELSE 0.7 END
    FROM crm.person_emails e JOIN crm.people p ON p.tenant_id = e.tenant_id AND p.id = e.person_id AND p.deleted_at IS NULL
    WHERE length(wanted) >= 3 AND e.tenant_id = tenant AND e.deleted_at IS NULL AND e.address LIKE core.like_pattern(wanted)
    UNION ALL
    -- `dana nimbus`: companies first, then their people (OFFSET 0 keeps the planner from turning that round).
    SELECT p.id, 0.85
    FROM (
      SELECT c.id, c.search FROM crm.companies c
      WHERE numnode(some_word) > 1 AND c.tenant_id = tenant AND c.deleted_at IS NULL AND c.search @@ some_word LIMIT 500
    ) firm
    CROSS JOIN LATERAL (
      SELECT o.id, o.search FROM crm.people o
      WHERE o.tenant_id = tenant AND o.company_id = firm.id AND o.deleted_at IS NULL OFFSET 0
    ) p
    WHERE p.search @@ some_word AND setweight(firm.search, 'A') || p.search @@ in_name
  ) AS found
  GROUP BY found.id ORDER BY 2 DESC, 1 LIMIT max;
  -- Misspelt names are looked for only when nothing fits as it is written.
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY
  SELECT p.id, (0.8 * greatest(word_similarity(wanted, p.name_folded), similarity(wanted, p.name_folded)))::real
  FROM crm.people p WHERE p.tenant_id = tenant AND p.deleted_at IS NULL AND p.name_folded %> wanted
  ORDER BY 2 DESC, 1 LIMIT max;
END $$;--> statement-breakpoint
CREATE FUNCTION crm.search_companies(query text, max int) RETURNS TABLE (id uuid, score real)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan
SET cpu_tuple_cost = 1
SET pg_trgm.word_similarity_threshold = 0.45
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid := core.current_tenant();
  wanted text := btrim(core.fold(query));
  in_name tsquery := core.prefix_query(wanted, ' & ', 'AB');
  anywhere tsquery := core.prefix_query(wanted, ' & ', '');
BEGIN
  IF tenant IS NULL OR coalesce(wanted, '') = '' THEN RETURN; END IF;
  RETURN QUERY
  SELECT c.id, (CASE WHEN c.name_folded = wanted OR lower(c.domain) = wanted THEN 1.0 WHEN c.search @@ in_name THEN 0.9 ELSE 0.5 END)::real
  FROM crm.companies c WHERE c.tenant_id = tenant AND c.deleted_at IS NULL AND c.search @@ anywhere
  ORDER BY 2 DESC, 1 LIMIT max;
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY
  SELECT c.id, (0.8 * greatest(word_similarity(wanted, c.name_folded), similarity(wanted, c.name_folded)))::real
  FROM crm.companies c WHERE c.tenant_id = tenant AND c.deleted_at IS NULL AND c.name_folded %> wanted
  ORDER BY 2 DESC, 1 LIMIT max;
END $$;--> statement-breakpoint
-- Messages that hold any of the terms, best first. A term of several words is a phrase; `term*` is a prefix.
CREATE FUNCTION intel.search_mail_candidates(terms text[], max int) RETURNS TABLE (id uuid, score real)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan
SET cpu_tuple_cost = 1
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid := core.current_tenant();
  term text;
  one tsquery;
  wanted tsquery;
BEGIN
  FOREACH term IN ARRAY coalesce(terms, '{}') LOOP
    term := core.fold(btrim(term));
    IF term LIKE '%*' THEN
      one := core.prefix_query(rtrim(term, '*'), ' & ', '');
    ELSE
      one := phraseto_tsquery('english', term) || phraseto_tsquery('simple', term);
    END IF;
    IF one IS NOT NULL AND numnode(one) > 0 THEN wanted := CASE WHEN wanted IS NULL THEN one ELSE wanted || one END; END IF;
  END LOOP;
  IF tenant IS NULL OR wanted IS NULL THEN RETURN; END IF;
  RETURN QUERY
  SELECT m.id, ts_rank('{0.05, 0.3, 0.7, 1.0}', m.search, wanted, 1) AS score
  FROM intel.mail_messages m
  WHERE m.tenant_id = tenant AND m.deleted_at IS NULL AND m.search @@ wanted
  ORDER BY 2 DESC, m.sent_at DESC, 1 LIMIT max;
END $$;--> statement-breakpoint
-- Which member a bearer token speaks for: looked up before any tenant is known. For the login role alone.
CREATE FUNCTION core.find_access_token(hash text)
RETURNS TABLE (token_id uuid, tenant_id uuid, member_id uuid, role text, scopes text[], stored_hash text,
  expires_at timestamptz, last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT t.id, t.tenant_id, t.member_id, m.role, t.scopes, t.token_hash, t.expires_at, t.last_used_at
  FROM core.access_tokens t JOIN core.members m ON m.tenant_id = t.tenant_id AND m.id = t.member_id
  WHERE t.token_hash = hash AND t.deleted_at IS NULL AND t.revoked_at IS NULL
    AND m.deleted_at IS NULL AND m.disabled_at IS NULL
$$;--> statement-breakpoint
CREATE INDEX access_tokens_by_hash ON core.access_tokens (token_hash);--> statement-breakpoint
-- Owned by tact_search, run by tact_app (the token look-up by the owner alone). Handing a function over takes CREATE on
-- its schema for a moment.
GRANT CREATE ON SCHEMA core, crm, intel TO tact_search;--> statement-breakpoint
REVOKE ALL ON FUNCTION crm.search_people(text, int), crm.search_companies(text, int),
  intel.search_mail_candidates(text[], int), core.find_access_token(text) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION crm.search_people(text, int), crm.search_companies(text, int),
  intel.search_mail_candidates(text[], int) TO tact_app;--> statement-breakpoint
DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION core.find_access_token(text) TO %I', current_user); END $$;--> statement-breakpoint
ALTER FUNCTION crm.search_people(text, int) OWNER TO tact_search;--> statement-breakpoint
ALTER FUNCTION crm.search_companies(text, int) OWNER TO tact_search;--> statement-breakpoint
ALTER FUNCTION intel.search_mail_candidates(text[], int) OWNER TO tact_search;--> statement-breakpoint
ALTER FUNCTION core.find_access_token(text) OWNER TO tact_search;--> statement-breakpoint
REVOKE CREATE ON SCHEMA core, crm, intel FROM tact_search;
