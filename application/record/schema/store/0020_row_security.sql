-- Row security: what the API reads while it answers a request is read as redress_api,
-- which sees rows by the settings of its session, and none where nothing is set:
--   redress.sees      public, buyer, seller, staff, platform, all, figures, all-figures
--   redress.role      the caller's role
--   redress.platform  the caller's platform
--   redress.subject   the caller's name
--   redress.caller    a hash of the three, which the caller's idempotency keys belong to
-- The application itself (redress_app: worker, follower, command line) sees every row.

-- Whose each case is, written in the transaction that files it. No part of the record:
-- all of it follows from the events. seller_told: the seller is part of the case.
CREATE TABLE case_parties (
    case_id     uuid    NOT NULL,
    platform    text    NOT NULL,
    buyer       text,
    seller      text,
    seller_told boolean NOT NULL DEFAULT false,
    CONSTRAINT case_parties_pkey PRIMARY KEY (case_id)
);

-- Who of the platform has an interest of their own in a case, and reads it no more.
CREATE TABLE case_recusals (
    case_id  uuid NOT NULL,
    person   text NOT NULL,
    platform text NOT NULL,
    CONSTRAINT case_recusals_pkey PRIMARY KEY (case_id, person)
);

-- The event in an envelope's bytes. NULL for bytes that are none: whoever has put them
-- in has made a case that nobody sees, and keeps nobody else from appending.
CREATE FUNCTION event_in(state bytea) RETURNS json
LANGUAGE plpgsql IMMUTABLE SET search_path = redress, pg_temp AS $$
BEGIN
    RETURN convert_from(state, 'UTF8')::json -> 'event';
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;

-- A name in the one form in which callers have it.
CREATE FUNCTION one_form(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = redress, pg_temp AS $$
    SELECT btrim(normalize(btrim(name), NFC))
$$;

-- Whether the seller becomes part of the case: domain.admission.seller_awareness.
CREATE FUNCTION tells_seller(topic text, event json) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = redress, pg_temp AS $$
    SELECT CASE topic
        WHEN 'notice-served' THEN coalesce(event ->> 'party' = 'seller', false)
        WHEN 'closed' THEN coalesce(event ->> 'outcome', '')
            NOT IN ('refused', 'withdrawn', 'referred')
        ELSE topic IN
            ('admitted', 'seller-responded', 'offer-made', 'escalated', 'ruled')
    END
$$;

CREATE FUNCTION note_parties() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = redress, pg_temp AS $$
DECLARE
    event json := event_in(NEW.state);
BEGIN
    IF NEW.topic = 'filed' THEN
        INSERT INTO case_parties (case_id, platform, buyer, seller)
            SELECT NEW.originator_id, event ->> 'platform',
                one_form(event ->> 'buyer'), one_form(event ->> 'seller')
            WHERE event ->> 'platform' IS NOT NULL
            ON CONFLICT DO NOTHING;
    ELSIF NEW.topic = 'mediator-recused' THEN
        INSERT INTO case_recusals (case_id, person, platform)
            SELECT p.case_id, one_form(event ->> 'mediator'), p.platform
            FROM case_parties p
            WHERE p.case_id = NEW.originator_id AND event ->> 'mediator' IS NOT NULL
            ON CONFLICT DO NOTHING;
    ELSIF tells_seller(NEW.topic, event) THEN
        UPDATE case_parties SET seller_told = true
            WHERE case_id = NEW.originator_id AND NOT seller_told;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER note_parties AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.topic IN ('filed', 'mediator-recused', 'notice-served', 'closed',
        'admitted', 'seller-responded', 'offer-made', 'escalated', 'ruled'))
    EXECUTE FUNCTION note_parties();
ALTER TABLE events ENABLE ALWAYS TRIGGER note_parties;

INSERT INTO case_parties (case_id, platform, buyer, seller, seller_told)
    SELECT f.originator_id, f.event ->> 'platform',
        one_form(f.event ->> 'buyer'), one_form(f.event ->> 'seller'),
        EXISTS (SELECT 1 FROM events t WHERE t.originator_id = f.originator_id
            AND t.topic IN ('notice-served', 'closed', 'admitted', 'seller-responded',
                'offer-made', 'escalated', 'ruled')
            AND tells_seller(t.topic, event_in(t.state)))
    FROM (SELECT originator_id, event_in(state) AS event FROM events
        WHERE topic = 'filed') f
    WHERE f.event ->> 'platform' IS NOT NULL
    ON CONFLICT DO NOTHING;
INSERT INTO case_recusals (case_id, person, platform)
    SELECT p.case_id, one_form(r.event ->> 'mediator'), p.platform
    FROM (SELECT originator_id, event_in(state) AS event FROM events
        WHERE topic = 'mediator-recused') r
    JOIN case_parties p ON p.case_id = r.originator_id
    WHERE r.event ->> 'mediator' IS NOT NULL
    ON CONFLICT DO NOTHING;

-- The end of the access log: the next entry follows it, whoever may read it.
CREATE FUNCTION access_log_end() RETURNS TABLE (number bigint, hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = redress, pg_temp AS $$
    SELECT l.number, l.hash FROM access_log l ORDER BY l.number DESC LIMIT 1
$$;
REVOKE ALL ON FUNCTION access_log_end() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_log_end() TO redress_app, redress_api;

-- What the audit has found wrong with a view, which is then not read. It quotes rows, so
-- that requests do not read the table.
CREATE FUNCTION view_finding(name text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = redress, pg_temp AS $$
    SELECT r.finding FROM view_rounds r WHERE r.view = name
$$;
REVOKE ALL ON FUNCTION view_finding(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION view_finding(text) TO redress_app, redress_api;

-- Whose key it is. Keys of before are their cases'.
ALTER TABLE requests ADD COLUMN caller text
    DEFAULT nullif(current_setting('redress.caller', true), '');

GRANT USAGE ON SCHEMA redress TO redress_api;
GRANT SELECT ON case_parties, case_recusals TO redress_app, redress_api;
GRANT SELECT, INSERT ON events, requests, access_log, log_timestamps TO redress_api;
GRANT SELECT ON ledger, erasures, imported_bundles TO redress_api;
GRANT SELECT, INSERT, UPDATE ON access_grants, filing_counts TO redress_api;
GRANT SELECT ON followers, log_batches, log_tiles, log_checkpoints, log_archive,
    log_keys, log_key_ends, statement_keys, rule_texts TO redress_api;

ALTER TABLE case_parties ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON case_parties TO redress_app USING (true);
CREATE POLICY seen ON case_parties FOR SELECT TO redress_api USING (
    CASE (SELECT current_setting('redress.sees', true))
        WHEN 'all' THEN true
        WHEN 'platform' THEN
            platform = (SELECT current_setting('redress.platform', true))
        WHEN 'staff' THEN
            platform = (SELECT current_setting('redress.platform', true))
            AND buyer IS DISTINCT FROM (SELECT current_setting('redress.subject', true))
            AND seller IS DISTINCT FROM
                (SELECT current_setting('redress.subject', true))
            AND NOT EXISTS (SELECT 1 FROM case_recusals r
                WHERE r.case_id = case_parties.case_id
                AND r.person = (SELECT current_setting('redress.subject', true)))
        WHEN 'buyer' THEN
            platform = (SELECT current_setting('redress.platform', true))
            AND buyer = (SELECT current_setting('redress.subject', true))
        WHEN 'seller' THEN
            platform = (SELECT current_setting('redress.platform', true))
            AND seller = (SELECT current_setting('redress.subject', true))
            AND seller_told
        ELSE false
    END);

ALTER TABLE case_recusals ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON case_recusals TO redress_app USING (true);
CREATE POLICY seen ON case_recusals FOR SELECT TO redress_api
    USING ((SELECT current_setting('redress.role', true)) IN ('mediator', 'supervisor')
        AND platform = (SELECT current_setting('redress.platform', true))
        AND person = (SELECT current_setting('redress.subject', true)));

-- Events of histories beside cases (standings, rules, erasures, seals) are of no case.
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON events TO redress_app USING (true);
CREATE POLICY seen ON events FOR SELECT TO redress_api USING (EXISTS (
    SELECT 1 FROM case_parties p WHERE p.case_id = events.originator_id));
CREATE POLICY added ON events FOR INSERT TO redress_api
    WITH CHECK ((SELECT current_setting('redress.caller', true)) <> '');

ALTER TABLE ledger ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON ledger TO redress_app USING (true);
CREATE POLICY seen ON ledger FOR SELECT TO redress_api USING (EXISTS (
    SELECT 1 FROM case_parties p WHERE p.case_id = ledger.originator_id));

ALTER TABLE requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON requests TO redress_app USING (true);
CREATE POLICY seen ON requests FOR SELECT TO redress_api USING (
    CASE WHEN caller IS NULL
        THEN EXISTS (SELECT 1 FROM case_parties p
            WHERE p.case_id = requests.originator_id)
        ELSE caller = (SELECT current_setting('redress.caller', true)) END);
CREATE POLICY added ON requests FOR INSERT TO redress_api
    WITH CHECK (caller = (SELECT current_setting('redress.caller', true)));

ALTER TABLE access_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON access_log TO redress_app USING (true);
CREATE POLICY seen ON access_log FOR SELECT TO redress_api USING (
    (SELECT current_setting('redress.role', true))
        IN ('supervisor', 'auditor', 'regulator')
    AND ((SELECT current_setting('redress.sees', true)) = 'all'
        OR platform = (SELECT current_setting('redress.platform', true))));
CREATE POLICY added ON access_log FOR INSERT TO redress_api
    WITH CHECK (reader = (SELECT current_setting('redress.subject', true)));

ALTER TABLE access_grants ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON access_grants TO redress_app USING (true);
CREATE POLICY seen ON access_grants TO redress_api USING (
    (SELECT current_setting('redress.role', true))
        IN ('supervisor', 'auditor', 'regulator')
    AND ((SELECT current_setting('redress.sees', true)) = 'all'
        OR platform = (SELECT current_setting('redress.platform', true))))
    WITH CHECK ((SELECT current_setting('redress.role', true)) = 'supervisor'
        AND platform = (SELECT current_setting('redress.platform', true)));

ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON erasures TO redress_app USING (true);
CREATE POLICY seen ON erasures FOR SELECT TO redress_api USING (
    (SELECT current_setting('redress.role', true))
        IN ('supervisor', 'auditor', 'regulator')
    AND ((SELECT current_setting('redress.sees', true)) = 'all'
        OR platform = (SELECT current_setting('redress.platform', true))));

ALTER TABLE filing_counts ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON filing_counts TO redress_app USING (true);
CREATE POLICY seen ON filing_counts TO redress_api USING (
    platform = (SELECT current_setting('redress.platform', true))
    AND ((SELECT current_setting('redress.role', true))
            IN ('platform', 'mediator', 'supervisor')
        OR (SELECT current_setting('redress.role', true)) = 'buyer'
            AND buyer = (SELECT current_setting('redress.subject', true))));

-- Sealed, and of no platform until they are opened: for those who may ask for one.
ALTER TABLE imported_bundles ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON imported_bundles TO redress_app USING (true);
CREATE POLICY seen ON imported_bundles FOR SELECT TO redress_api USING (
    (SELECT current_setting('redress.role', true))
        IN ('supervisor', 'auditor', 'regulator'));

-- API keys, for those who manage them.
GRANT SELECT, INSERT ON api_keys, api_key_revocations TO redress_api;
GRANT SELECT ON api_key_uses, revocations TO redress_api;

ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON api_keys TO redress_app USING (true);
CREATE POLICY seen ON api_keys TO redress_api USING (
    (SELECT current_setting('redress.role', true)) IN ('supervisor', 'regulator')
    AND ((SELECT current_setting('redress.sees', true)) = 'all'
        OR platform = (SELECT current_setting('redress.platform', true))));

ALTER TABLE api_key_revocations ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON api_key_revocations TO redress_app USING (true);
CREATE POLICY seen ON api_key_revocations TO redress_api USING (EXISTS (
    SELECT 1 FROM api_keys k WHERE k.key_id = api_key_revocations.key_id));

ALTER TABLE api_key_uses ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON api_key_uses TO redress_app USING (true);
CREATE POLICY seen ON api_key_uses FOR SELECT TO redress_api USING (EXISTS (
    SELECT 1 FROM api_keys k WHERE k.key_id = api_key_uses.key_id));

ALTER TABLE revocations ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON revocations TO redress_app USING (true);
CREATE POLICY seen ON revocations FOR SELECT TO redress_api USING (
    (SELECT current_setting('redress.role', true)) IN ('supervisor', 'regulator')
    AND ((SELECT current_setting('redress.sees', true)) = 'all'
        OR platform = (SELECT current_setting('redress.platform', true))));

-- Webhooks, for those who manage them, and what was sent to them.
GRANT SELECT, INSERT, UPDATE ON webhooks, webhook_secrets, deliveries TO redress_api;
GRANT DELETE ON webhook_secrets TO redress_api;
GRANT SELECT, INSERT ON webhook_changes TO redress_api;
GRANT SELECT ON delivery_attempts TO redress_api;

ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON webhooks TO redress_app USING (true);
CREATE POLICY seen ON webhooks TO redress_api USING (
    (SELECT current_setting('redress.role', true)) IN ('supervisor', 'platform')
    AND platform = (SELECT current_setting('redress.platform', true)));

ALTER TABLE webhook_secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON webhook_secrets TO redress_app USING (true);
CREATE POLICY seen ON webhook_secrets TO redress_api USING (EXISTS (
    SELECT 1 FROM webhooks w WHERE w.webhook_id = webhook_secrets.webhook_id));

ALTER TABLE webhook_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON webhook_changes TO redress_app USING (true);
CREATE POLICY seen ON webhook_changes TO redress_api USING (EXISTS (
    SELECT 1 FROM webhooks w WHERE w.webhook_id = webhook_changes.webhook_id));

ALTER TABLE deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON deliveries TO redress_app USING (true);
CREATE POLICY seen ON deliveries TO redress_api USING (EXISTS (
    SELECT 1 FROM webhooks w WHERE w.webhook_id = deliveries.webhook_id));

ALTER TABLE delivery_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON delivery_attempts TO redress_app USING (true);
CREATE POLICY seen ON delivery_attempts FOR SELECT TO redress_api USING (EXISTS (
    SELECT 1 FROM deliveries d WHERE d.delivery_id = delivery_attempts.delivery_id));

-- Notices that left the house, of the cases that are seen.
GRANT SELECT ON notice_deliveries TO redress_api;
ALTER TABLE notice_deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY application ON notice_deliveries TO redress_app USING (true);
CREATE POLICY seen ON notice_deliveries FOR SELECT TO redress_api USING (EXISTS (
    SELECT 1 FROM case_parties p WHERE p.case_id = notice_deliveries.case_id));
