CREATE FUNCTION public.lyhord_case_on_map() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    if tg_op <> 'INSERT' then perform lyhord_count_on_map(old, -1); end if;
    if tg_op <> 'DELETE' then perform lyhord_count_on_map(new, 1); end if;
    return null;
end
$$;
CREATE TABLE public.cases_case (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    number character varying(20) NOT NULL,
    kind character varying(20) NOT NULL,
    title character varying(200) NOT NULL,
    text text NOT NULL,
    answers jsonb NOT NULL,
    language character varying(10) NOT NULL,
    channel character varying(20) NOT NULL,
    state character varying(20) NOT NULL,
    state_reason text NOT NULL,
    state_until date,
    responsible character varying(200) NOT NULL,
    open boolean GENERATED ALWAYS AS ((NOT ((state)::text = ANY ((ARRAY['duplicate'::character varying, 'not_resolved'::character varying, 'refused'::character varying, 'resolved'::character varying])::text[])))) STORED,
    route_kind character varying(20) NOT NULL,
    route_reason text NOT NULL,
    confidential boolean NOT NULL,
    protected boolean NOT NULL,
    lat double precision,
    lon double precision,
    accuracy_m double precision,
    position_source character varying(10) NOT NULL,
    place_text character varying(200) NOT NULL,
    cell bigint,
    registered_at timestamp with time zone NOT NULL,
    acknowledge_by timestamp with time zone,
    answer_by timestamp with time zone,
    answered_at timestamp with time zone,
    closed_at timestamp with time zone,
    waiting_since timestamp with time zone,
    unread boolean NOT NULL,
    wants_feedback boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    revision integer NOT NULL,
    follow_digest bytea NOT NULL,
    follow_version smallint NOT NULL,
    publication_state character varying(10) NOT NULL,
    followers integer NOT NULL,
    area_id bigint,
    duplicate_of_id bigint,
    officer_id bigint,
    organisation_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    case_type_id bigint NOT NULL,
    version_id bigint NOT NULL,
    category_id bigint,
    search tsvector GENERATED ALWAYS AS ((setweight(to_tsvector('swedish'::regconfig, (title)::text), 'A'::"char") || to_tsvector('swedish'::regconfig, ((((text || ' '::text) || (place_text)::text) || ' '::text) || (number)::text)))) STORED,
    resident_wrote boolean NOT NULL,
    became_good boolean,
    has_documents boolean NOT NULL,
    CONSTRAINT cases_case_follow_version_check CHECK ((follow_version >= 0)),
    CONSTRAINT cases_case_followers_check CHECK ((followers >= 0)),
    CONSTRAINT cases_case_revision_check CHECK ((revision >= 0))
);
ALTER TABLE ONLY public.cases_case FORCE ROW LEVEL SECURITY;
CREATE FUNCTION public.lyhord_count_on_map(kept public.cases_case, step integer) RETURNS void
    LANGUAGE sql
    SET search_path TO 'public', 'pg_temp'
    AS $$
    insert into cases_mapcount
        (organisation_id, depth, prefix, case_type_pk, category_pk, year, going, planned, closed)
    select kept.organisation_id, depth, kept.cell >> (2 * (31 - depth)), kept.case_type_id, coalesce(kept.category_id, 0),
        extract(year from kept.registered_at at time zone there.time_zone),
        case when kept.state in ('received', 'assigned', 'in_progress', 'waiting') then step else 0 end,
        case when kept.state = 'planned' then step else 0 end,
        case when kept.state in ('resolved', 'not_resolved', 'refused', 'duplicate') then step else 0 end
    from unnest(array[11, 14, 17, 20]) as depth, organisations_organisation there
    where kept.publication_state = 'published' and kept.cell is not null and there.id = kept.organisation_id
$$;
CREATE FUNCTION public.lyhord_keys(tables text[]) RETURNS bigint[]
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    select array_agg(nextval(format('public.%I', name || '_id_seq')::regclass) order by place)
    from unnest(tables) with ordinality as wanted(name, place)
$$;
CREATE FUNCTION public.lyhord_map_moved() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    delete from cases_mapcount where organisation_id = new.id;
    perform lyhord_count_on_map(c, 1) from cases_case c
        where c.organisation_id = new.id and c.publication_state = 'published';
    return null;
end
$$;
CREATE FUNCTION public.lyhord_new_edition() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    insert into organisations_edition
        values (case when tg_op = 'DELETE' then old.organisation_id else new.organisation_id end,
            nextval('organisations_edition_number'))
        on conflict (organisation_id) do update set number = excluded.number;
    raise notice 'the settings of an organisation have changed' using errcode = 'LY001';
    return null;
end
$$;
CREATE FUNCTION public.lyhord_new_edition_of_person() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    insert into organisations_edition
        select organisation_id, nextval('organisations_edition_number')
        from accounts_membership where user_id = new.id order by organisation_id
        on conflict (organisation_id) do update set number = excluded.number;
    raise notice 'the settings of an organisation have changed' using errcode = 'LY001';
    return null;
end
$$;
CREATE FUNCTION public.lyhord_next_number(organisation bigint, year integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
    series text := format('case_number_%s_%s', organisation, year);
begin
    if organisation is distinct from nullif(current_setting('lyhord.organisation', true), '')::bigint then
        raise exception 'another organisation''s series';
    end if;
    loop
        begin
            return nextval(format('public.%I', series));
        exception when undefined_table then
            begin
                execute format('create sequence public.%I', series);
            exception when duplicate_table or unique_violation then
                null;  -- somebody else made it in the same moment
            end;
        end;
    end loop;
end $$;
CREATE FUNCTION public.lyhord_search_cases(query text, most integer, units bigint[], everywhere boolean) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    select id from cases_case
    where organisation_id = nullif(current_setting('lyhord.organisation', true), '')::bigint
      and search @@ websearch_to_tsquery('swedish', query)
      and (unit_id = any(units) or (everywhere and not confidential))
    order by id desc limit most
$$;
CREATE FUNCTION public.lyhord_search_published(query text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    with organisation as (
        select nullif(current_setting('lyhord.organisation', true), '')::bigint as id
    ), wanted as (
        select websearch_to_tsquery('swedish', query) as words
    ), by_text as (
        select p.case_id from cases_publication p, organisation o, wanted w
        where p.organisation_id = o.id and p.search @@ w.words
        order by p.id desc limit most
    ), by_place as (
        select c.id from cases_case c, organisation o, wanted w
        where c.organisation_id = o.id and c.publication_state = 'published'
          and to_tsvector('swedish', c.place_text) @@ w.words
        order by c.id desc limit most
    )
    select case_id from by_text union select id from by_place
$$;
CREATE FUNCTION public.lyhord_works_elsewhere(person bigint) RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    select array(
        select other.organisation_id from accounts_membership other
        where other.user_id = person and other.active and other.role <> 'resident'
          and other.organisation_id <> here.organisation_id
        order by other.organisation_id
    )
    from accounts_membership here
    where here.user_id = person and here.active
      and here.organisation_id = nullif(current_setting('lyhord.organisation', true), '')::bigint
$$;
CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);
ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_keptform (
    id bigint NOT NULL,
    path text NOT NULL,
    fields jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    organisation_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE ONLY public.accounts_keptform FORCE ROW LEVEL SECURITY;
ALTER TABLE public.accounts_keptform ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_keptform_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_membership (
    id bigint NOT NULL,
    role character varying(30) NOT NULL,
    sort_key character varying(160) NOT NULL COLLATE pg_catalog."C",
    active boolean NOT NULL,
    organisation_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE ONLY public.accounts_membership FORCE ROW LEVEL SECURITY;
ALTER TABLE public.accounts_membership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_membership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_membershipunit (
    id bigint NOT NULL,
    membership_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    unit_id bigint NOT NULL
);
ALTER TABLE ONLY public.accounts_membershipunit FORCE ROW LEVEL SECURITY;
ALTER TABLE public.accounts_membershipunit ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_membershipunit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_sentform (
    id bigint NOT NULL,
    digest bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    location text NOT NULL,
    said jsonb NOT NULL,
    organisation_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE ONLY public.accounts_sentform FORCE ROW LEVEL SECURITY;
ALTER TABLE public.accounts_sentform ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_sentform_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_tokenissuer (
    id bigint NOT NULL,
    issuer character varying(300) NOT NULL,
    audience character varying(300) NOT NULL,
    trusts_email boolean NOT NULL,
    active boolean NOT NULL,
    keys jsonb NOT NULL,
    fetched_at timestamp with time zone,
    asked_at timestamp with time zone,
    last_error text NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.accounts_tokenissuer FORCE ROW LEVEL SECURITY;
ALTER TABLE public.accounts_tokenissuer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_tokenissuer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_tokensubject (
    id bigint NOT NULL,
    subject character varying(255) NOT NULL,
    issuer_id bigint NOT NULL,
    membership_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.accounts_tokensubject FORCE ROW LEVEL SECURITY;
ALTER TABLE public.accounts_tokensubject ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_tokensubject_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_user (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    email character varying(254) NOT NULL,
    full_name character varying(120) NOT NULL,
    language character varying(10) NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE public.accounts_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.audit_event (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    verb character varying(60) NOT NULL,
    subject_type character varying(30) NOT NULL,
    subject_id bigint NOT NULL,
    level smallint NOT NULL,
    actor_kind character varying(10) NOT NULL,
    actor_id bigint,
    actor_label character varying(200) NOT NULL,
    data jsonb NOT NULL,
    transaction_id bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT audit_event_level_check CHECK ((level >= 0))
);
ALTER TABLE ONLY public.audit_event FORCE ROW LEVEL SECURITY;
ALTER TABLE public.audit_event ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.audit_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.cases_case ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_case_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_casetype (
    id bigint NOT NULL,
    code character varying(80) NOT NULL,
    kind character varying(20) NOT NULL,
    active boolean NOT NULL,
    "position" smallint NOT NULL,
    organisation_id bigint NOT NULL,
    current_id bigint,
    category_id bigint,
    closes_on date,
    opens_on date,
    CONSTRAINT cases_casetype_position_check CHECK (("position" >= 0))
);
ALTER TABLE ONLY public.cases_casetype FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_casetype ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_casetype_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_casetypeversion (
    id bigint NOT NULL,
    number integer NOT NULL,
    content jsonb NOT NULL,
    note character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    case_type_id bigint NOT NULL,
    created_by_id bigint,
    organisation_id bigint NOT NULL,
    CONSTRAINT cases_casetypeversion_number_check CHECK ((number >= 0))
);
ALTER TABLE ONLY public.cases_casetypeversion FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_casetypeversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_casetypeversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_category (
    id bigint NOT NULL,
    code character varying(60) NOT NULL,
    names jsonb NOT NULL,
    for_faults boolean NOT NULL,
    publishable boolean NOT NULL,
    icon character varying(30) NOT NULL,
    "position" smallint NOT NULL,
    organisation_id bigint NOT NULL,
    unit_id bigint,
    CONSTRAINT cases_category_position_check CHECK (("position" >= 0))
);
ALTER TABLE ONLY public.cases_category FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_category ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_category_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_document (
    id bigint NOT NULL,
    case_id bigint NOT NULL,
    file_id bigint NOT NULL,
    message_id bigint,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.cases_document FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_document ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_document_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_draft (
    id bigint NOT NULL,
    text text NOT NULL,
    internal boolean NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    case_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE ONLY public.cases_draft FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_draft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_mapcount (
    id bigint NOT NULL,
    depth smallint NOT NULL,
    prefix bigint NOT NULL,
    case_type_pk bigint NOT NULL,
    category_pk bigint NOT NULL,
    year smallint NOT NULL,
    going integer NOT NULL,
    planned integer NOT NULL,
    closed integer NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.cases_mapcount FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_mapcount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_mapcount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_message (
    id bigint NOT NULL,
    side character varying(10) NOT NULL,
    author_label character varying(160) NOT NULL,
    text text NOT NULL,
    channel character varying(20) NOT NULL,
    at timestamp with time zone NOT NULL,
    external_id character varying(200) NOT NULL,
    author_id bigint,
    case_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.cases_message FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_message ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_photo (
    id bigint NOT NULL,
    alt character varying(200) NOT NULL,
    internal boolean NOT NULL,
    published boolean NOT NULL,
    "position" smallint NOT NULL,
    case_id bigint NOT NULL,
    file_id bigint NOT NULL,
    message_id bigint,
    organisation_id bigint NOT NULL,
    CONSTRAINT cases_photo_position_check CHECK (("position" >= 0))
);
ALTER TABLE ONLY public.cases_photo FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_photo ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_photo_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_publication (
    id bigint NOT NULL,
    title character varying(200) NOT NULL,
    text text NOT NULL,
    answer text NOT NULL,
    published_at timestamp with time zone NOT NULL,
    case_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    published_by_id bigint,
    search tsvector GENERATED ALWAYS AS ((setweight(to_tsvector('swedish'::regconfig, (title)::text), 'A'::"char") || to_tsvector('swedish'::regconfig, ((text || ' '::text) || answer)))) STORED
);
ALTER TABLE ONLY public.cases_publication FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_publication ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_publication_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_question (
    id bigint NOT NULL,
    closes boolean NOT NULL,
    remind_on date NOT NULL,
    answer_by date NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    reminded_at timestamp with time zone,
    settled_at timestamp with time zone,
    outcome character varying(10) NOT NULL,
    case_id bigint NOT NULL,
    message_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.cases_question FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_question ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_question_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_reporter (
    id bigint NOT NULL,
    name character varying(120) NOT NULL,
    email character varying(254) NOT NULL,
    phone character varying(40) NOT NULL,
    sender_kind character varying(20) NOT NULL,
    organisation_number character varying(13) NOT NULL,
    protected boolean NOT NULL,
    case_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    organisation_name character varying(120) NOT NULL
);
ALTER TABLE ONLY public.cases_reporter FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_reporter ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_reporter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_ruleset (
    id bigint NOT NULL,
    number integer NOT NULL,
    rules jsonb NOT NULL,
    note character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    created_by_id bigint,
    organisation_id bigint NOT NULL,
    CONSTRAINT cases_ruleset_number_check CHECK ((number >= 0))
);
ALTER TABLE ONLY public.cases_ruleset FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_ruleset ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_ruleset_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cases_suggestionmodel (
    id bigint NOT NULL,
    content jsonb NOT NULL,
    trained_at timestamp with time zone NOT NULL,
    cases integer NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT cases_suggestionmodel_cases_check CHECK ((cases >= 0))
);
ALTER TABLE ONLY public.cases_suggestionmodel FORCE ROW LEVEL SECURITY;
ALTER TABLE public.cases_suggestionmodel ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cases_suggestionmodel_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.collaboration_group (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    name character varying(80) NOT NULL,
    joined boolean NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.collaboration_group FORCE ROW LEVEL SECURITY;
ALTER TABLE public.collaboration_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.collaboration_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.collaboration_offer (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    state character varying(10) NOT NULL,
    contact boolean NOT NULL,
    offered_at timestamp with time zone NOT NULL,
    taker_number character varying(20) NOT NULL,
    case_id bigint NOT NULL,
    group_id bigint,
    organisation_id bigint NOT NULL,
    taker_id bigint
);
ALTER TABLE ONLY public.collaboration_offer FORCE ROW LEVEL SECURITY;
ALTER TABLE public.collaboration_offer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.collaboration_offer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.collaboration_partner (
    id bigint NOT NULL,
    joined boolean NOT NULL,
    group_id bigint NOT NULL,
    member_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.collaboration_partner FORCE ROW LEVEL SECURITY;
ALTER TABLE public.collaboration_partner ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.collaboration_partner_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.collaboration_poolentry (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    number character varying(20) NOT NULL,
    state character varying(10) NOT NULL,
    reason text NOT NULL,
    title character varying(200) NOT NULL,
    text text NOT NULL,
    kind character varying(20) NOT NULL,
    type_code character varying(80) NOT NULL,
    type_name character varying(200) NOT NULL,
    place_text character varying(200) NOT NULL,
    lat double precision,
    lon double precision,
    language character varying(10) NOT NULL,
    contact boolean NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    offered_at timestamp with time zone NOT NULL,
    giver_id bigint NOT NULL,
    group_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    taker_id bigint
);
ALTER TABLE ONLY public.collaboration_poolentry FORCE ROW LEVEL SECURITY;
ALTER TABLE public.collaboration_poolentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.collaboration_poolentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.exchange_delivery (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    type character varying(40) NOT NULL,
    event_id bigint,
    case_id bigint,
    number character varying(20) NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    change jsonb NOT NULL,
    state character varying(10) NOT NULL,
    attempts smallint NOT NULL,
    next_try_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    body text NOT NULL,
    status smallint,
    answer character varying(500) NOT NULL,
    error character varying(20) NOT NULL,
    organisation_id bigint NOT NULL,
    webhook_id bigint NOT NULL,
    CONSTRAINT exchange_delivery_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT exchange_delivery_status_check CHECK ((status >= 0))
);
ALTER TABLE ONLY public.exchange_delivery FORCE ROW LEVEL SECURITY;
ALTER TABLE public.exchange_delivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exchange_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.exchange_incoming (
    id bigint NOT NULL,
    key character varying(100) NOT NULL,
    kind character varying(10) NOT NULL,
    value character varying(200) NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    outcome character varying(10) NOT NULL,
    reason character varying(500) NOT NULL,
    organisation_id bigint NOT NULL,
    link_id bigint NOT NULL,
    until date
);
ALTER TABLE ONLY public.exchange_incoming FORCE ROW LEVEL SECURITY;
ALTER TABLE public.exchange_incoming ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exchange_incoming_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.exchange_link (
    id bigint NOT NULL,
    remote_id character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    linked_at timestamp with time zone,
    busy_until timestamp with time zone,
    case_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    system_id bigint NOT NULL,
    busy_by bigint NOT NULL
);
ALTER TABLE ONLY public.exchange_link FORCE ROW LEVEL SECURITY;
ALTER TABLE public.exchange_link ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exchange_link_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.exchange_outgoing (
    id bigint NOT NULL,
    event_id bigint,
    kind character varying(10) NOT NULL,
    message_id bigint,
    value character varying(200) NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    attempts smallint NOT NULL,
    next_try_at timestamp with time zone,
    sent_at timestamp with time zone,
    error character varying(500) NOT NULL,
    link_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    until date,
    photo_id bigint,
    CONSTRAINT exchange_outgoing_attempts_check CHECK ((attempts >= 0))
);
ALTER TABLE ONLY public.exchange_outgoing FORCE ROW LEVEL SECURITY;
ALTER TABLE public.exchange_outgoing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exchange_outgoing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.exchange_system (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    name character varying(80) NOT NULL,
    adapter character varying(30) NOT NULL,
    settings jsonb NOT NULL,
    secret text NOT NULL,
    mapping jsonb NOT NULL,
    active boolean NOT NULL,
    started_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    cursor character varying(200) NOT NULL,
    pulled_at timestamp with time zone,
    failures integer NOT NULL,
    failing_since timestamp with time zone,
    rest_until timestamp with time zone,
    last_error character varying(500) NOT NULL,
    organisation_id bigint NOT NULL,
    sent_at timestamp with time zone,
    heard_at timestamp with time zone,
    checked_at timestamp with time zone,
    check_error character varying(500) NOT NULL,
    knocked_at timestamp with time zone,
    knock_secret text NOT NULL,
    knock_version integer NOT NULL,
    proven_at timestamp with time zone,
    CONSTRAINT exchange_system_failures_check CHECK ((failures >= 0)),
    CONSTRAINT exchange_system_knock_version_check CHECK ((knock_version >= 0))
);
ALTER TABLE ONLY public.exchange_system FORCE ROW LEVEL SECURITY;
ALTER TABLE public.exchange_system ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exchange_system_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.exchange_webhook (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    name character varying(80) NOT NULL,
    url character varying(500) NOT NULL,
    events jsonb NOT NULL,
    shares jsonb NOT NULL,
    active boolean NOT NULL,
    started_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    secret_version integer NOT NULL,
    old_secret_until timestamp with time zone,
    failures integer NOT NULL,
    failing_since timestamp with time zone,
    rest_until timestamp with time zone,
    paused_at timestamp with time zone,
    organisation_id bigint NOT NULL,
    CONSTRAINT exchange_webhook_failures_check CHECK ((failures >= 0)),
    CONSTRAINT exchange_webhook_secret_version_check CHECK ((secret_version >= 0))
);
ALTER TABLE ONLY public.exchange_webhook FORCE ROW LEVEL SECURITY;
ALTER TABLE public.exchange_webhook ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exchange_webhook_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.files_heldfile (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    data bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.files_heldfile ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.files_heldfile FORCE ROW LEVEL SECURITY;
ALTER TABLE public.files_heldfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.files_heldfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.files_stagedobject (
    id bigint NOT NULL,
    key character varying(200) NOT NULL,
    name character varying(20) NOT NULL,
    data bytea,
    source character varying(200) NOT NULL,
    size integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT files_stagedobject_size_check CHECK ((size >= 0))
);
ALTER TABLE ONLY public.files_stagedobject ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.files_stagedobject FORCE ROW LEVEL SECURITY;
ALTER TABLE public.files_stagedobject ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.files_stagedobject_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.files_storeddocument (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    key character varying(200) NOT NULL,
    sha256 bytea NOT NULL,
    name character varying(150) NOT NULL,
    kind character varying(10) NOT NULL,
    size integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used boolean NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT files_storeddocument_size_check CHECK ((size >= 0))
);
ALTER TABLE ONLY public.files_storeddocument FORCE ROW LEVEL SECURITY;
ALTER TABLE public.files_storeddocument ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.files_storeddocument_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.files_storedfile (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    key character varying(200) NOT NULL,
    sha256 bytea NOT NULL,
    kind character varying(10) NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    size integer NOT NULL,
    lat double precision,
    lon double precision,
    taken_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    used boolean NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT files_storedfile_height_check CHECK ((height >= 0)),
    CONSTRAINT files_storedfile_size_check CHECK ((size >= 0)),
    CONSTRAINT files_storedfile_width_check CHECK ((width >= 0))
);
ALTER TABLE ONLY public.files_storedfile FORCE ROW LEVEL SECURITY;
ALTER TABLE public.files_storedfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.files_storedfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.following_follow (
    id bigint NOT NULL,
    subject_type character varying(30) NOT NULL,
    subject_id bigint NOT NULL,
    token uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    organisation_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    role character varying(10) NOT NULL,
    expires_at timestamp with time zone,
    asked_to_renew_at timestamp with time zone,
    level smallint NOT NULL,
    muted_until timestamp with time zone,
    CONSTRAINT following_follow_level_check CHECK ((level >= 0))
);
ALTER TABLE ONLY public.following_follow FORCE ROW LEVEL SECURITY;
ALTER TABLE public.following_follow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.following_follow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.following_match (
    id bigint NOT NULL,
    news_id bigint NOT NULL,
    profile_id bigint NOT NULL,
    subject smallint,
    place smallint,
    distance_m integer,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.following_match FORCE ROW LEVEL SECURITY;
ALTER TABLE public.following_match ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.following_match_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.following_news (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    subject_type character varying(30) NOT NULL,
    subject_id bigint NOT NULL,
    title character varying(300) NOT NULL,
    level smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    facts jsonb NOT NULL,
    organisation_id bigint NOT NULL,
    path character varying(200) NOT NULL,
    what character varying(200) NOT NULL,
    CONSTRAINT following_news_level_check CHECK ((level >= 0))
);
ALTER TABLE ONLY public.following_news FORCE ROW LEVEL SECURITY;
ALTER TABLE public.following_news ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.following_news_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.following_placeposting (
    id bigint NOT NULL,
    term bigint NOT NULL,
    level smallint NOT NULL,
    alone boolean NOT NULL,
    narrowed boolean NOT NULL,
    lat double precision,
    lon double precision,
    radius_m double precision,
    organisation_id bigint NOT NULL,
    profile_id bigint NOT NULL,
    CONSTRAINT following_placeposting_level_check CHECK ((level >= 0))
);
ALTER TABLE ONLY public.following_placeposting FORCE ROW LEVEL SECURITY;
ALTER TABLE public.following_placeposting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.following_placeposting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.following_profile (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    rule jsonb NOT NULL,
    level smallint NOT NULL,
    token uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    expires_at timestamp with time zone,
    asked_to_renew_at timestamp with time zone,
    contact_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT following_profile_level_check CHECK ((level >= 0))
);
ALTER TABLE ONLY public.following_profile FORCE ROW LEVEL SECURITY;
ALTER TABLE public.following_profile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.following_profile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.following_subjectposting (
    id bigint NOT NULL,
    term bigint NOT NULL,
    level smallint NOT NULL,
    placed boolean NOT NULL,
    narrowed boolean NOT NULL,
    organisation_id bigint NOT NULL,
    profile_id bigint NOT NULL,
    CONSTRAINT following_subjectposting_level_check CHECK ((level >= 0))
);
ALTER TABLE ONLY public.following_subjectposting FORCE ROW LEVEL SECURITY;
ALTER TABLE public.following_subjectposting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.following_subjectposting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_alarm (
    id bigint NOT NULL,
    source character varying(40) NOT NULL,
    external_id character varying(150) NOT NULL,
    thing character varying(150) NOT NULL,
    count integer NOT NULL,
    round integer NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    cleared_at timestamp with time zone,
    case_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT intake_alarm_count_check CHECK ((count >= 0)),
    CONSTRAINT intake_alarm_round_check CHECK ((round >= 0))
);
ALTER TABLE ONLY public.intake_alarm FORCE ROW LEVEL SECURITY;
ALTER TABLE public.intake_alarm ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_alarm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_apikey (
    id bigint NOT NULL,
    client character varying(120) NOT NULL,
    digest bytea NOT NULL,
    scopes jsonb NOT NULL,
    hourly integer NOT NULL,
    throttled boolean NOT NULL,
    publishes_at_once boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    last_used_on date,
    organisation_id bigint NOT NULL,
    fixmystreet boolean NOT NULL,
    member_id bigint,
    CONSTRAINT intake_apikey_hourly_check CHECK ((hourly >= 0))
);
ALTER TABLE ONLY public.intake_apikey FORCE ROW LEVEL SECURITY;
ALTER TABLE public.intake_apikey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_apikey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_arrival (
    id bigint NOT NULL,
    channel character varying(10) NOT NULL,
    key character varying(64) NOT NULL,
    inlet character varying(254) NOT NULL,
    recipients jsonb NOT NULL,
    sender character varying(254) NOT NULL,
    subject character varying(200) NOT NULL,
    size integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    outcome character varying(10) NOT NULL,
    reason character varying(30) NOT NULL,
    private boolean NOT NULL,
    attempts smallint NOT NULL,
    handled_at timestamp with time zone,
    case_id bigint,
    organisation_id bigint NOT NULL,
    unit_id bigint,
    CONSTRAINT intake_arrival_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT intake_arrival_size_check CHECK ((size >= 0))
);
ALTER TABLE ONLY public.intake_arrival FORCE ROW LEVEL SECURITY;
ALTER TABLE public.intake_arrival ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_arrival_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_diversion (
    id bigint NOT NULL,
    day date NOT NULL,
    case_type_code character varying(80) NOT NULL,
    question character varying(60) NOT NULL,
    count integer NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT intake_diversion_count_check CHECK ((count >= 0))
);
ALTER TABLE ONLY public.intake_diversion FORCE ROW LEVEL SECURITY;
ALTER TABLE public.intake_diversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_diversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_draftcase (
    id bigint NOT NULL,
    channel character varying(20) NOT NULL,
    reason character varying(30) NOT NULL,
    confidential boolean NOT NULL,
    protected boolean NOT NULL,
    name character varying(120) NOT NULL,
    email character varying(254) NOT NULL,
    phone character varying(40) NOT NULL,
    subject character varying(200) NOT NULL,
    text text NOT NULL,
    kind character varying(20) NOT NULL,
    language character varying(10) NOT NULL,
    state character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by character varying(200) NOT NULL,
    arrival_id bigint,
    case_id bigint,
    linked_id bigint,
    organisation_id bigint NOT NULL,
    unit_id bigint NOT NULL
);
ALTER TABLE ONLY public.intake_draftcase FORCE ROW LEVEL SECURITY;
ALTER TABLE public.intake_draftcase ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_draftcase_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_draftfile (
    id bigint NOT NULL,
    document_id bigint,
    draft_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    photo_id bigint,
    CONSTRAINT draft_file_one_of_two CHECK ((((photo_id IS NULL) OR (document_id IS NULL)) AND (1 = (
CASE
    WHEN (photo_id IS NULL) THEN 1
    ELSE 0
END +
CASE
    WHEN (document_id IS NULL) THEN 1
    ELSE 0
END))))
);
ALTER TABLE ONLY public.intake_draftfile FORCE ROW LEVEL SECURITY;
ALTER TABLE public.intake_draftfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_draftfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_facebookpage (
    id bigint NOT NULL,
    page_id character varying(32) NOT NULL,
    secret text NOT NULL,
    token text NOT NULL,
    active boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.intake_facebookpage FORCE ROW LEVEL SECURITY;
ALTER TABLE public.intake_facebookpage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_facebookpage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_linkedphoto (
    id bigint NOT NULL,
    url character varying(2000) NOT NULL,
    show boolean NOT NULL,
    label character varying(120) NOT NULL,
    last_error character varying(20) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    case_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    message_id bigint
);
ALTER TABLE ONLY public.intake_linkedphoto FORCE ROW LEVEL SECURITY;
ALTER TABLE public.intake_linkedphoto ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_linkedphoto_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_original (
    id bigint NOT NULL,
    data bytea NOT NULL,
    arrival_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.intake_original FORCE ROW LEVEL SECURITY;
ALTER TABLE public.intake_original ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_original_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE UNLOGGED TABLE public.intake_recentuse (
    id bigint NOT NULL,
    purpose character varying(10) NOT NULL,
    digest bytea NOT NULL,
    began timestamp with time zone NOT NULL,
    connection integer NOT NULL,
    count integer NOT NULL,
    until timestamp with time zone NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.intake_recentuse FORCE ROW LEVEL SECURITY;
ALTER TABLE public.intake_recentuse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_recentuse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_reception (
    id bigint NOT NULL,
    source character varying(40) NOT NULL,
    external_id character varying(200) NOT NULL,
    received_at timestamp with time zone NOT NULL,
    case_id bigint,
    organisation_id bigint NOT NULL,
    submitted_at timestamp with time zone,
    seconds integer,
    CONSTRAINT intake_reception_seconds_check CHECK ((seconds >= 0))
);
ALTER TABLE ONLY public.intake_reception FORCE ROW LEVEL SECURITY;
ALTER TABLE public.intake_reception ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_reception_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.jobs_job (
    id bigint NOT NULL,
    task character varying(200) NOT NULL,
    args jsonb DEFAULT '[]'::jsonb NOT NULL,
    kwargs jsonb DEFAULT '{}'::jsonb NOT NULL,
    queue character varying(40) DEFAULT 'default'::character varying NOT NULL,
    priority smallint DEFAULT 0 NOT NULL,
    state character varying(7) DEFAULT 'ready'::character varying NOT NULL,
    run_after timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    max_attempts smallint DEFAULT 8 NOT NULL,
    lease_until timestamp with time zone,
    worker character varying(100) DEFAULT ''::character varying NOT NULL,
    last_error text DEFAULT ''::text NOT NULL,
    enqueued_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    unique_key character varying(300),
    organisation_id bigint
);
ALTER TABLE public.jobs_job ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.jobs_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.jobs_schedule (
    task character varying(200) NOT NULL,
    rule character varying(40) NOT NULL,
    next_run_at timestamp with time zone NOT NULL,
    last_run_at timestamp with time zone
);
CREATE TABLE public.matters_body (
    id bigint NOT NULL,
    code character varying(80) NOT NULL,
    name character varying(120) NOT NULL,
    aliases jsonb NOT NULL,
    classification character varying(12) NOT NULL,
    sort_key character varying(160) NOT NULL COLLATE pg_catalog."C",
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.matters_body FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_body ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_body_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_caselink (
    id bigint NOT NULL,
    linked_at timestamp with time zone NOT NULL,
    case_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    matter_id bigint NOT NULL
);
ALTER TABLE ONLY public.matters_caselink FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_caselink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_caselink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_document (
    id bigint NOT NULL,
    key character varying(340) NOT NULL,
    kind character varying(10) NOT NULL,
    title character varying(300) NOT NULL,
    url character varying(2000) NOT NULL,
    language character varying(5) NOT NULL,
    quality character varying(10) NOT NULL,
    pages integer NOT NULL,
    first_read_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    body_id bigint,
    organisation_id bigint NOT NULL,
    meeting_id bigint,
    source_id bigint,
    CONSTRAINT matters_document_pages_check CHECK ((pages >= 0))
);
ALTER TABLE ONLY public.matters_document FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_document ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_document_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_documentversion (
    id bigint NOT NULL,
    number integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    step smallint NOT NULL,
    pages jsonb NOT NULL,
    read_at timestamp with time zone NOT NULL,
    document_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT matters_documentversion_number_check CHECK ((number >= 0)),
    CONSTRAINT matters_documentversion_step_check CHECK ((step >= 0))
);
ALTER TABLE ONLY public.matters_documentversion FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_documentversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_documentversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_item (
    id bigint NOT NULL,
    number integer NOT NULL,
    heading character varying(500) NOT NULL,
    identifier character varying(100) NOT NULL,
    page integer NOT NULL,
    sections jsonb NOT NULL,
    decision_text text NOT NULL,
    reservations text NOT NULL,
    result character varying(15) NOT NULL,
    treatment character varying(150) NOT NULL,
    linked_by character varying(6) NOT NULL,
    link_evidence character varying(200) NOT NULL,
    gone boolean NOT NULL,
    document_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    matter_id bigint,
    CONSTRAINT matters_item_number_check CHECK ((number >= 0)),
    CONSTRAINT matters_item_page_check CHECK ((page >= 0))
);
ALTER TABLE ONLY public.matters_item FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_item ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_itemreference (
    id bigint NOT NULL,
    treatment character varying(150) NOT NULL,
    item_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.matters_itemreference FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_itemreference ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_itemreference_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_matter (
    id bigint NOT NULL,
    title character varying(500) NOT NULL,
    title_by_person boolean NOT NULL,
    plain_title character varying(200) NOT NULL,
    plain_text text NOT NULL,
    kind character varying(20) NOT NULL,
    stage character varying(30) NOT NULL,
    answer_until date,
    first_on date,
    last_on date,
    created_at timestamp with time zone NOT NULL,
    hidden boolean NOT NULL,
    stems text NOT NULL,
    body_id bigint,
    merged_into_id bigint,
    organisation_id bigint NOT NULL,
    shown_changed_at timestamp with time zone
);
ALTER TABLE ONLY public.matters_matter FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_matter ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_matter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_matterevent (
    id bigint NOT NULL,
    type character varying(30) NOT NULL,
    stage character varying(30) NOT NULL,
    result character varying(15) NOT NULL,
    occurred_on date NOT NULL,
    known_at timestamp with time zone NOT NULL,
    text character varying(300) NOT NULL,
    level smallint NOT NULL,
    key character varying(250) NOT NULL,
    body_id bigint,
    document_id bigint,
    item_id bigint,
    matter_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT matters_matterevent_level_check CHECK ((level >= 0))
);
ALTER TABLE ONLY public.matters_matterevent FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_matterevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_matterevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_matternumber (
    id bigint NOT NULL,
    number character varying(120) NOT NULL,
    matter_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.matters_matternumber FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_matternumber ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_matternumber_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_matterplace (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    name character varying(120) NOT NULL,
    lat double precision,
    lon double precision,
    by character varying(6) NOT NULL,
    evidence character varying(200) NOT NULL,
    denied boolean NOT NULL,
    area_id bigint,
    matter_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.matters_matterplace FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_matterplace ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_matterplace_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_mattertopic (
    id bigint NOT NULL,
    topic character varying(40) NOT NULL,
    by character varying(6) NOT NULL,
    evidence character varying(200) NOT NULL,
    denied boolean NOT NULL,
    matter_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.matters_mattertopic FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_mattertopic ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_mattertopic_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_meeting (
    id bigint NOT NULL,
    held_on date NOT NULL,
    state character varying(10) NOT NULL,
    body_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.matters_meeting FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_meeting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_meeting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_ownlevel (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    code character varying(30) NOT NULL,
    level smallint NOT NULL,
    shown boolean NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT matters_ownlevel_level_check CHECK ((level >= 0))
);
ALTER TABLE ONLY public.matters_ownlevel FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_ownlevel ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_ownlevel_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.matters_source (
    id bigint NOT NULL,
    kind character varying(30) NOT NULL,
    name character varying(120) NOT NULL,
    config jsonb NOT NULL,
    active boolean NOT NULL,
    interval_minutes integer NOT NULL,
    silent_days smallint NOT NULL,
    cursor jsonb NOT NULL,
    next_at timestamp with time zone NOT NULL,
    tried_at timestamp with time zone,
    worked_at timestamp with time zone,
    news_at timestamp with time zone,
    failures smallint NOT NULL,
    last_error character varying(300) NOT NULL,
    silence_told_at timestamp with time zone,
    organisation_id bigint NOT NULL,
    trial jsonb NOT NULL,
    CONSTRAINT matters_source_failures_check CHECK ((failures >= 0)),
    CONSTRAINT matters_source_interval_minutes_check CHECK ((interval_minutes >= 0)),
    CONSTRAINT matters_source_silent_days_check CHECK ((silent_days >= 0))
);
ALTER TABLE ONLY public.matters_source FORCE ROW LEVEL SECURITY;
ALTER TABLE public.matters_source ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matters_source_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);
ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_contact (
    id bigint NOT NULL,
    sender character varying(20) NOT NULL,
    address character varying(254) NOT NULL,
    language character varying(10) NOT NULL,
    token uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    verified_at timestamp with time zone,
    paused_at timestamp with time zone,
    pause_reason character varying(200) NOT NULL,
    rhythm character varying(5) NOT NULL,
    quiet boolean NOT NULL,
    gathered_at timestamp with time zone,
    organisation_id bigint NOT NULL,
    stopped_at timestamp with time zone,
    news_gathered_at timestamp with time zone,
    news_rhythm character varying(5) NOT NULL
);
ALTER TABLE ONLY public.notifications_contact FORCE ROW LEVEL SECURITY;
ALTER TABLE public.notifications_contact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_notice (
    id bigint NOT NULL,
    kind character varying(60) NOT NULL,
    sender character varying(20) NOT NULL,
    address character varying(254) NOT NULL,
    language character varying(10) NOT NULL,
    subject character varying(200) NOT NULL,
    body text NOT NULL,
    link character varying(500) NOT NULL,
    subject_type character varying(30) NOT NULL,
    subject_id bigint,
    state character varying(10) NOT NULL,
    attempts smallint NOT NULL,
    next_try_at timestamp with time zone,
    last_error text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    dedupe_key character varying(160) NOT NULL,
    organisation_id bigint NOT NULL,
    private boolean NOT NULL,
    stop_link character varying(500) NOT NULL,
    gathered_in_id bigint,
    contact_id bigint,
    reply_to character varying(320) DEFAULT ''::character varying NOT NULL,
    thread character varying(600) DEFAULT ''::character varying NOT NULL,
    reason character varying(300) NOT NULL,
    CONSTRAINT notifications_notice_attempts_check CHECK ((attempts >= 0))
);
ALTER TABLE ONLY public.notifications_notice FORCE ROW LEVEL SECURITY;
ALTER TABLE public.notifications_notice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_onetimecode (
    id bigint NOT NULL,
    purpose character varying(20) NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    tries smallint NOT NULL,
    used_at timestamp with time zone,
    contact_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT notifications_onetimecode_tries_check CHECK ((tries >= 0))
);
ALTER TABLE ONLY public.notifications_onetimecode FORCE ROW LEVEL SECURITY;
ALTER TABLE public.notifications_onetimecode ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_onetimecode_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_pushsubscription (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    endpoint character varying(2000) NOT NULL,
    digest bytea NOT NULL,
    key bytea NOT NULL,
    secret bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.notifications_pushsubscription FORCE ROW LEVEL SECURITY;
ALTER TABLE public.notifications_pushsubscription ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_pushsubscription_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_senttext (
    id bigint NOT NULL,
    remote_id character varying(200) NOT NULL,
    parts smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    delivered_at timestamp with time zone,
    notice_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT notifications_senttext_parts_check CHECK ((parts >= 0))
);
ALTER TABLE ONLY public.notifications_senttext FORCE ROW LEVEL SECURITY;
ALTER TABLE public.notifications_senttext ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_senttext_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notifications_textgateway (
    id bigint NOT NULL,
    gateway character varying(20) NOT NULL,
    url character varying(300) NOT NULL,
    username character varying(200) NOT NULL,
    secret text NOT NULL,
    key text NOT NULL,
    sender character varying(20) NOT NULL,
    countries character varying(100) NOT NULL,
    most_a_day integer NOT NULL,
    active boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT notifications_textgateway_most_a_day_check CHECK ((most_a_day >= 0))
);
ALTER TABLE ONLY public.notifications_textgateway FORCE ROW LEVEL SECURITY;
ALTER TABLE public.notifications_textgateway ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_textgateway_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.opendata_preparedfile (
    id bigint NOT NULL,
    format character varying(10) NOT NULL,
    selection character varying(500) NOT NULL,
    filter jsonb NOT NULL,
    language character varying(10) NOT NULL,
    key character varying(200) NOT NULL,
    version character varying(60) NOT NULL,
    begun_at timestamp with time zone,
    cases integer NOT NULL,
    size bigint NOT NULL,
    made_at timestamp with time zone,
    asked_at timestamp with time zone NOT NULL,
    waiting boolean NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT opendata_preparedfile_cases_check CHECK ((cases >= 0))
);
ALTER TABLE ONLY public.opendata_preparedfile FORCE ROW LEVEL SECURITY;
ALTER TABLE public.opendata_preparedfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.opendata_preparedfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisations_edition (
    organisation_id bigint NOT NULL,
    number bigint NOT NULL
);
CREATE SEQUENCE public.organisations_edition_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.organisations_hostname (
    id bigint NOT NULL,
    host character varying(253) NOT NULL,
    "primary" boolean NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE public.organisations_hostname ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisations_hostname_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisations_inlet (
    id bigint NOT NULL,
    channel character varying(10) NOT NULL,
    address character varying(254) NOT NULL,
    kind character varying(20) NOT NULL,
    unit_code character varying(60) NOT NULL,
    review boolean NOT NULL,
    answers boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE public.organisations_inlet ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisations_inlet_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisations_logopicture (
    id bigint NOT NULL,
    key character varying(200) NOT NULL,
    picture bytea NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.organisations_logopicture FORCE ROW LEVEL SECURITY;
ALTER TABLE public.organisations_logopicture ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisations_logopicture_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisations_organisation (
    id bigint NOT NULL,
    slug character varying(40) NOT NULL,
    code character varying(10) NOT NULL,
    name character varying(120) NOT NULL,
    service_name character varying(120) NOT NULL,
    colour character varying(7) NOT NULL,
    logo character varying(200) NOT NULL,
    languages jsonb NOT NULL,
    phone character varying(40) NOT NULL,
    phone_hours character varying(120) NOT NULL,
    emergency_phone character varying(40) NOT NULL,
    email character varying(254) NOT NULL,
    lat double precision,
    lon double precision,
    publishes boolean NOT NULL,
    features jsonb NOT NULL,
    settings jsonb NOT NULL,
    closed_days jsonb NOT NULL,
    demo boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    country character varying(2) DEFAULT 'SE'::character varying NOT NULL,
    time_zone character varying(60) DEFAULT 'Europe/Stockholm'::character varying NOT NULL
);
ALTER TABLE public.organisations_organisation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisations_organisation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisations_unit (
    id bigint NOT NULL,
    code character varying(60) NOT NULL,
    name character varying(120) NOT NULL,
    email character varying(254) NOT NULL,
    confidential boolean NOT NULL,
    fallback boolean NOT NULL,
    active_from date,
    sort_key character varying(160) NOT NULL COLLATE pg_catalog."C",
    organisation_id bigint NOT NULL,
    parent_id bigint,
    roles jsonb NOT NULL
);
ALTER TABLE ONLY public.organisations_unit FORCE ROW LEVEL SECURITY;
ALTER TABLE public.organisations_unit ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisations_unit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.places_address (
    id bigint NOT NULL,
    street character varying(120) NOT NULL,
    number character varying(12) NOT NULL,
    postcode character varying(10) NOT NULL,
    locality character varying(80) NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    search_key character varying(240) NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.places_address FORCE ROW LEVEL SECURITY;
ALTER TABLE public.places_address ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.places_address_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.places_area (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    code character varying(60) NOT NULL,
    name character varying(120) NOT NULL,
    geojson jsonb NOT NULL,
    sort_key character varying(160) NOT NULL COLLATE pg_catalog."C",
    updated_at timestamp with time zone NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.places_area FORCE ROW LEVEL SECURITY;
ALTER TABLE public.places_area ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.places_area_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.places_asset (
    id bigint NOT NULL,
    code character varying(40) NOT NULL,
    name character varying(120) NOT NULL,
    type_code character varying(80) NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.places_asset FORCE ROW LEVEL SECURITY;
ALTER TABLE public.places_asset ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.places_asset_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.residents_account (
    id bigint NOT NULL,
    issuer character varying(300) NOT NULL,
    subject character varying(255) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    contact_id bigint,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.residents_account FORCE ROW LEVEL SECURITY;
ALTER TABLE public.residents_account ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.residents_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.residents_accountcase (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    case_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.residents_accountcase FORCE ROW LEVEL SECURITY;
ALTER TABLE public.residents_accountcase ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.residents_accountcase_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.residents_login (
    id bigint NOT NULL,
    digest bytea NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);
ALTER TABLE ONLY public.residents_login FORCE ROW LEVEL SECURITY;
ALTER TABLE public.residents_login ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.residents_login_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.residents_provider (
    id bigint NOT NULL,
    label character varying(60) NOT NULL,
    issuer character varying(300) NOT NULL,
    client_id character varying(300) NOT NULL,
    secret text NOT NULL,
    levels character varying(500) NOT NULL,
    active boolean NOT NULL,
    about jsonb NOT NULL,
    keys jsonb NOT NULL,
    fetched_at timestamp with time zone,
    asked_at timestamp with time zone,
    last_error text NOT NULL,
    organisation_id bigint NOT NULL,
    certificate text NOT NULL,
    metadata_url character varying(400) NOT NULL,
    protocol character varying(10) NOT NULL,
    subject_attribute character varying(200) NOT NULL
);
ALTER TABLE ONLY public.residents_provider FORCE ROW LEVEL SECURITY;
ALTER TABLE public.residents_provider ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.residents_provider_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_keptform
    ADD CONSTRAINT accounts_keptform_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_membershipunit
    ADD CONSTRAINT accounts_membershipunit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_sentform
    ADD CONSTRAINT accounts_sentform_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_tokenissuer
    ADD CONSTRAINT accounts_tokenissuer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_tokensubject
    ADD CONSTRAINT accounts_tokensubject_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_email_key UNIQUE (email);
ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_alarm
    ADD CONSTRAINT alarm_once UNIQUE (organisation_id, source, external_id);
ALTER TABLE ONLY public.intake_apikey
    ADD CONSTRAINT api_key_digest UNIQUE (organisation_id, digest);
ALTER TABLE ONLY public.places_area
    ADD CONSTRAINT area_code UNIQUE (organisation_id, kind, code);
ALTER TABLE ONLY public.intake_arrival
    ADD CONSTRAINT arrival_once UNIQUE (organisation_id, key);
ALTER TABLE ONLY public.places_asset
    ADD CONSTRAINT asset_code UNIQUE (organisation_id, code);
ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_body
    ADD CONSTRAINT body_code UNIQUE (organisation_id, code);
ALTER TABLE ONLY public.cases_case
    ADD CONSTRAINT case_follow_digest UNIQUE (organisation_id, follow_digest);
ALTER TABLE ONLY public.cases_case
    ADD CONSTRAINT case_number UNIQUE (organisation_id, number);
ALTER TABLE ONLY public.cases_casetype
    ADD CONSTRAINT case_type_code UNIQUE (organisation_id, code);
ALTER TABLE ONLY public.cases_casetypeversion
    ADD CONSTRAINT case_type_version_number UNIQUE (organisation_id, case_type_id, number);
ALTER TABLE ONLY public.cases_case
    ADD CONSTRAINT cases_case_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_casetype
    ADD CONSTRAINT cases_casetype_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_casetypeversion
    ADD CONSTRAINT cases_casetypeversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_category
    ADD CONSTRAINT cases_category_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_document
    ADD CONSTRAINT cases_document_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_draft
    ADD CONSTRAINT cases_draft_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_mapcount
    ADD CONSTRAINT cases_mapcount_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_message
    ADD CONSTRAINT cases_message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_photo
    ADD CONSTRAINT cases_photo_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_publication
    ADD CONSTRAINT cases_publication_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_question
    ADD CONSTRAINT cases_question_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_reporter
    ADD CONSTRAINT cases_reporter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_ruleset
    ADD CONSTRAINT cases_ruleset_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_suggestionmodel
    ADD CONSTRAINT cases_suggestionmodel_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_category
    ADD CONSTRAINT category_code UNIQUE (organisation_id, code);
ALTER TABLE ONLY public.collaboration_group
    ADD CONSTRAINT collaboration_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.collaboration_offer
    ADD CONSTRAINT collaboration_offer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.collaboration_partner
    ADD CONSTRAINT collaboration_partner_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.collaboration_poolentry
    ADD CONSTRAINT collaboration_poolentry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_contact
    ADD CONSTRAINT contact_once UNIQUE (organisation_id, sender, address);
ALTER TABLE ONLY public.exchange_delivery
    ADD CONSTRAINT delivery_once UNIQUE (organisation_id, webhook_id, event_id);
ALTER TABLE ONLY public.intake_diversion
    ADD CONSTRAINT diversion_once UNIQUE (organisation_id, day, case_type_code, question);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.matters_document
    ADD CONSTRAINT document_key UNIQUE (organisation_id, key);
ALTER TABLE ONLY public.matters_documentversion
    ADD CONSTRAINT document_version_number UNIQUE (organisation_id, document_id, number);
ALTER TABLE ONLY public.cases_draft
    ADD CONSTRAINT draft_once UNIQUE (organisation_id, case_id, user_id);
ALTER TABLE ONLY public.collaboration_poolentry
    ADD CONSTRAINT entry_once UNIQUE (organisation_id, uid);
ALTER TABLE ONLY public.exchange_delivery
    ADD CONSTRAINT exchange_delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.exchange_incoming
    ADD CONSTRAINT exchange_incoming_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.exchange_link
    ADD CONSTRAINT exchange_link_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.exchange_outgoing
    ADD CONSTRAINT exchange_outgoing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.exchange_system
    ADD CONSTRAINT exchange_system_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.exchange_webhook
    ADD CONSTRAINT exchange_webhook_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_facebookpage
    ADD CONSTRAINT facebook_page_once UNIQUE (organisation_id);
ALTER TABLE ONLY public.files_heldfile
    ADD CONSTRAINT files_heldfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.files_heldfile
    ADD CONSTRAINT files_heldfile_uid_key UNIQUE (uid);
ALTER TABLE ONLY public.files_stagedobject
    ADD CONSTRAINT files_stagedobject_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.files_storeddocument
    ADD CONSTRAINT files_storeddocument_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.files_storeddocument
    ADD CONSTRAINT files_storeddocument_uid_key UNIQUE (uid);
ALTER TABLE ONLY public.files_storedfile
    ADD CONSTRAINT files_storedfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.files_storedfile
    ADD CONSTRAINT files_storedfile_uid_key UNIQUE (uid);
ALTER TABLE ONLY public.following_follow
    ADD CONSTRAINT follow_once_each UNIQUE (organisation_id, subject_type, subject_id, contact_id);
ALTER TABLE ONLY public.following_follow
    ADD CONSTRAINT following_follow_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.following_follow
    ADD CONSTRAINT following_follow_token_key UNIQUE (token);
ALTER TABLE ONLY public.following_match
    ADD CONSTRAINT following_match_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.following_news
    ADD CONSTRAINT following_news_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.following_placeposting
    ADD CONSTRAINT following_placeposting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.following_profile
    ADD CONSTRAINT following_profile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.following_profile
    ADD CONSTRAINT following_profile_token_key UNIQUE (token);
ALTER TABLE ONLY public.following_subjectposting
    ADD CONSTRAINT following_subjectposting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.collaboration_group
    ADD CONSTRAINT group_once UNIQUE (organisation_id, uid);
ALTER TABLE ONLY public.exchange_incoming
    ADD CONSTRAINT incoming_once UNIQUE (organisation_id, link_id, key);
ALTER TABLE ONLY public.organisations_inlet
    ADD CONSTRAINT inlet_once UNIQUE (channel, address);
ALTER TABLE ONLY public.intake_alarm
    ADD CONSTRAINT intake_alarm_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_apikey
    ADD CONSTRAINT intake_apikey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_arrival
    ADD CONSTRAINT intake_arrival_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_diversion
    ADD CONSTRAINT intake_diversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_draftcase
    ADD CONSTRAINT intake_draftcase_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_draftfile
    ADD CONSTRAINT intake_draftfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_facebookpage
    ADD CONSTRAINT intake_facebookpage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_linkedphoto
    ADD CONSTRAINT intake_linkedphoto_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_original
    ADD CONSTRAINT intake_original_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_recentuse
    ADD CONSTRAINT intake_recentuse_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_reception
    ADD CONSTRAINT intake_reception_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_item
    ADD CONSTRAINT item_number UNIQUE (organisation_id, document_id, number);
ALTER TABLE ONLY public.matters_itemreference
    ADD CONSTRAINT item_reference_once UNIQUE (organisation_id, item_id, treatment);
ALTER TABLE ONLY public.jobs_job
    ADD CONSTRAINT jobs_job_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.jobs_schedule
    ADD CONSTRAINT jobs_schedule_pkey PRIMARY KEY (task);
ALTER TABLE ONLY public.exchange_link
    ADD CONSTRAINT link_once UNIQUE (organisation_id, case_id, system_id);
ALTER TABLE ONLY public.organisations_logopicture
    ADD CONSTRAINT logo_picture_once UNIQUE (organisation_id);
ALTER TABLE ONLY public.following_match
    ADD CONSTRAINT match_once UNIQUE (organisation_id, profile_id, news_id);
ALTER TABLE ONLY public.matters_caselink
    ADD CONSTRAINT matter_case_once UNIQUE (organisation_id, matter_id, case_id);
ALTER TABLE ONLY public.matters_matterevent
    ADD CONSTRAINT matter_event_once UNIQUE (organisation_id, key);
ALTER TABLE ONLY public.matters_matternumber
    ADD CONSTRAINT matter_number_once UNIQUE (organisation_id, number);
ALTER TABLE ONLY public.matters_matterplace
    ADD CONSTRAINT matter_place_once UNIQUE (organisation_id, matter_id, kind, name);
ALTER TABLE ONLY public.matters_source
    ADD CONSTRAINT matter_source_name UNIQUE (organisation_id, name);
ALTER TABLE ONLY public.matters_mattertopic
    ADD CONSTRAINT matter_topic_once UNIQUE (organisation_id, matter_id, topic);
ALTER TABLE ONLY public.matters_body
    ADD CONSTRAINT matters_body_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_caselink
    ADD CONSTRAINT matters_caselink_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_document
    ADD CONSTRAINT matters_document_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_documentversion
    ADD CONSTRAINT matters_documentversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_item
    ADD CONSTRAINT matters_item_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_itemreference
    ADD CONSTRAINT matters_itemreference_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_matter
    ADD CONSTRAINT matters_matter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_matterevent
    ADD CONSTRAINT matters_matterevent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_matternumber
    ADD CONSTRAINT matters_matternumber_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_matterplace
    ADD CONSTRAINT matters_matterplace_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_mattertopic
    ADD CONSTRAINT matters_mattertopic_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_meeting
    ADD CONSTRAINT matters_meeting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_ownlevel
    ADD CONSTRAINT matters_ownlevel_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_source
    ADD CONSTRAINT matters_source_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.matters_meeting
    ADD CONSTRAINT meeting_once UNIQUE (organisation_id, body_id, held_on);
ALTER TABLE ONLY public.accounts_membershipunit
    ADD CONSTRAINT member_unit_once UNIQUE (organisation_id, membership_id, unit_id);
ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT membership_once UNIQUE (organisation_id, user_id);
ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.following_news
    ADD CONSTRAINT news_once UNIQUE (organisation_id, event_id);
ALTER TABLE ONLY public.notifications_notice
    ADD CONSTRAINT notice_once UNIQUE (organisation_id, dedupe_key);
ALTER TABLE ONLY public.notifications_contact
    ADD CONSTRAINT notifications_contact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_contact
    ADD CONSTRAINT notifications_contact_token_key UNIQUE (token);
ALTER TABLE ONLY public.notifications_notice
    ADD CONSTRAINT notifications_notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_onetimecode
    ADD CONSTRAINT notifications_onetimecode_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_pushsubscription
    ADD CONSTRAINT notifications_pushsubscription_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_senttext
    ADD CONSTRAINT notifications_senttext_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notifications_textgateway
    ADD CONSTRAINT notifications_textgateway_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.collaboration_offer
    ADD CONSTRAINT offer_uid UNIQUE (organisation_id, uid);
ALTER TABLE ONLY public.opendata_preparedfile
    ADD CONSTRAINT opendata_preparedfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_edition
    ADD CONSTRAINT organisations_edition_pkey PRIMARY KEY (organisation_id);
ALTER TABLE ONLY public.organisations_hostname
    ADD CONSTRAINT organisations_hostname_host_key UNIQUE (host);
ALTER TABLE ONLY public.organisations_hostname
    ADD CONSTRAINT organisations_hostname_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_inlet
    ADD CONSTRAINT organisations_inlet_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_logopicture
    ADD CONSTRAINT organisations_logopicture_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_organisation
    ADD CONSTRAINT organisations_organisation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations_organisation
    ADD CONSTRAINT organisations_organisation_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.organisations_unit
    ADD CONSTRAINT organisations_unit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.intake_original
    ADD CONSTRAINT original_once UNIQUE (organisation_id, arrival_id);
ALTER TABLE ONLY public.exchange_outgoing
    ADD CONSTRAINT outgoing_once UNIQUE (organisation_id, link_id, event_id, kind);
ALTER TABLE ONLY public.matters_ownlevel
    ADD CONSTRAINT own_level_once UNIQUE (organisation_id, kind, code);
ALTER TABLE ONLY public.collaboration_partner
    ADD CONSTRAINT partner_once UNIQUE (organisation_id, group_id, member_id);
ALTER TABLE ONLY public.places_address
    ADD CONSTRAINT places_address_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.places_area
    ADD CONSTRAINT places_area_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.places_asset
    ADD CONSTRAINT places_asset_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.opendata_preparedfile
    ADD CONSTRAINT prepared_file_once UNIQUE (organisation_id, format, selection);
ALTER TABLE ONLY public.cases_publication
    ADD CONSTRAINT publication_once UNIQUE (organisation_id, case_id);
ALTER TABLE ONLY public.notifications_pushsubscription
    ADD CONSTRAINT push_subscription_once UNIQUE (organisation_id, digest);
ALTER TABLE ONLY public.notifications_pushsubscription
    ADD CONSTRAINT push_subscription_uid UNIQUE (organisation_id, uid);
ALTER TABLE ONLY public.intake_recentuse
    ADD CONSTRAINT recent_use_once UNIQUE (organisation_id, purpose, digest, began, connection);
ALTER TABLE ONLY public.intake_reception
    ADD CONSTRAINT reception_once UNIQUE (organisation_id, source, external_id);
ALTER TABLE ONLY public.cases_reporter
    ADD CONSTRAINT reporter_once UNIQUE (organisation_id, case_id);
ALTER TABLE ONLY public.residents_accountcase
    ADD CONSTRAINT resident_account_case_once UNIQUE (organisation_id, account_id, case_id);
ALTER TABLE ONLY public.residents_account
    ADD CONSTRAINT resident_account_once UNIQUE (organisation_id, issuer, subject);
ALTER TABLE ONLY public.residents_login
    ADD CONSTRAINT resident_log_in_once UNIQUE (organisation_id, digest);
ALTER TABLE ONLY public.residents_provider
    ADD CONSTRAINT resident_provider_once UNIQUE (organisation_id, issuer);
ALTER TABLE ONLY public.residents_account
    ADD CONSTRAINT residents_account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.residents_accountcase
    ADD CONSTRAINT residents_accountcase_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.residents_login
    ADD CONSTRAINT residents_login_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.residents_provider
    ADD CONSTRAINT residents_provider_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cases_ruleset
    ADD CONSTRAINT rule_set_number UNIQUE (organisation_id, number);
ALTER TABLE ONLY public.accounts_sentform
    ADD CONSTRAINT sent_form_once UNIQUE (organisation_id, user_id, digest);
ALTER TABLE ONLY public.files_stagedobject
    ADD CONSTRAINT staged_once UNIQUE (organisation_id, key, name);
ALTER TABLE ONLY public.cases_suggestionmodel
    ADD CONSTRAINT suggestion_model_once UNIQUE (organisation_id);
ALTER TABLE ONLY public.exchange_system
    ADD CONSTRAINT system_name UNIQUE (organisation_id, name);
ALTER TABLE ONLY public.notifications_textgateway
    ADD CONSTRAINT text_gateway_once UNIQUE (organisation_id);
ALTER TABLE ONLY public.accounts_tokenissuer
    ADD CONSTRAINT token_issuer_once UNIQUE (organisation_id, issuer);
ALTER TABLE ONLY public.accounts_tokensubject
    ADD CONSTRAINT token_subject_once UNIQUE (organisation_id, issuer_id, subject);
ALTER TABLE ONLY public.organisations_unit
    ADD CONSTRAINT unit_code UNIQUE (organisation_id, code);
ALTER TABLE ONLY public.exchange_webhook
    ADD CONSTRAINT webhook_uid UNIQUE (organisation_id, uid);
CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);
CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);
CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);
CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);
CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);
CREATE UNIQUE INDEX accounts_keptform_wall ON public.accounts_keptform USING btree (organisation_id, id);
CREATE INDEX accounts_membership_user_id_487fb39e ON public.accounts_membership USING btree (user_id);
CREATE UNIQUE INDEX accounts_membership_wall ON public.accounts_membership USING btree (organisation_id, id);
CREATE UNIQUE INDEX accounts_membershipunit_wall ON public.accounts_membershipunit USING btree (organisation_id, id);
CREATE UNIQUE INDEX accounts_sentform_wall ON public.accounts_sentform USING btree (organisation_id, id);
CREATE UNIQUE INDEX accounts_tokenissuer_wall ON public.accounts_tokenissuer USING btree (organisation_id, id);
CREATE UNIQUE INDEX accounts_tokensubject_wall ON public.accounts_tokensubject USING btree (organisation_id, id);
CREATE INDEX accounts_user_email_b2644a56_like ON public.accounts_user USING btree (email varchar_pattern_ops);
CREATE INDEX address_position ON public.places_address USING btree (organisation_id, lat, lon);
CREATE INDEX address_search ON public.places_address USING btree (organisation_id, search_key);
CREATE INDEX alarm_case ON public.intake_alarm USING btree (organisation_id, case_id);
CREATE INDEX alarm_thing ON public.intake_alarm USING btree (organisation_id, source, thing) WHERE (NOT ((thing)::text = ''::text));
CREATE INDEX arrival_case ON public.intake_arrival USING btree (organisation_id, case_id) WHERE (case_id IS NOT NULL);
CREATE INDEX arrival_failed ON public.intake_arrival USING btree (organisation_id, id DESC) WHERE ((state)::text = ANY ((ARRAY['failed'::character varying, 'held'::character varying])::text[]));
CREATE INDEX arrival_newest ON public.intake_arrival USING btree (organisation_id, id DESC);
CREATE UNIQUE INDEX audit_event_wall ON public.audit_event USING btree (organisation_id, id);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE INDEX case_changed ON public.cases_case USING btree (organisation_id, changed_at, id) WHERE ((publication_state)::text = 'published'::text);
CREATE INDEX case_duplicates ON public.cases_case USING btree (organisation_id, duplicate_of_id) WHERE (duplicate_of_id IS NOT NULL);
CREATE INDEX case_inbox ON public.cases_case USING btree (organisation_id, unit_id, waiting_since) WHERE open;
CREATE INDEX case_nearby ON public.cases_case USING btree (organisation_id, cell) WHERE open;
CREATE INDEX case_new_answer ON public.cases_case USING btree (organisation_id, unit_id) WHERE (open AND resident_wrote AND unread);
CREATE INDEX case_newest ON public.cases_case USING btree (organisation_id, registered_at DESC, id DESC);
CREATE INDEX case_officer ON public.cases_case USING btree (organisation_id, officer_id) WHERE open;
CREATE INDEX case_published ON public.cases_case USING btree (organisation_id, id DESC) WHERE ((publication_state)::text = 'published'::text);
CREATE INDEX case_published_place ON public.cases_case USING gin (to_tsvector('swedish'::regconfig, (place_text)::text)) WHERE ((publication_state)::text = 'published'::text);
CREATE INDEX case_put_off ON public.cases_case USING btree (organisation_id, unit_id) WHERE ((state)::text = ANY ((ARRAY['planned'::character varying, 'waiting'::character varying])::text[]));
CREATE INDEX case_review ON public.cases_case USING btree (organisation_id, id) WHERE ((publication_state)::text = 'review'::text);
CREATE INDEX case_search ON public.cases_case USING gin (search);
CREATE INDEX case_tile ON public.cases_case USING btree (organisation_id, cell) INCLUDE (id, number, kind, state, lat, lon) WHERE ((publication_state)::text = 'published'::text);
CREATE INDEX case_waiting ON public.cases_case USING btree (organisation_id, waiting_since, id) WHERE open;
CREATE UNIQUE INDEX cases_case_wall ON public.cases_case USING btree (organisation_id, id);
CREATE UNIQUE INDEX cases_casetype_wall ON public.cases_casetype USING btree (organisation_id, id);
CREATE INDEX cases_casetypeversion_created_by_id_2da928b8 ON public.cases_casetypeversion USING btree (created_by_id);
CREATE UNIQUE INDEX cases_casetypeversion_wall ON public.cases_casetypeversion USING btree (organisation_id, id);
CREATE INDEX cases_category_code_27f573ec ON public.cases_category USING btree (code);
CREATE INDEX cases_category_code_27f573ec_like ON public.cases_category USING btree (code varchar_pattern_ops);
CREATE UNIQUE INDEX cases_category_wall ON public.cases_category USING btree (organisation_id, id);
CREATE UNIQUE INDEX cases_document_wall ON public.cases_document USING btree (organisation_id, id);
CREATE UNIQUE INDEX cases_draft_wall ON public.cases_draft USING btree (organisation_id, id);
CREATE UNIQUE INDEX cases_mapcount_wall ON public.cases_mapcount USING btree (organisation_id, id);
CREATE UNIQUE INDEX cases_message_wall ON public.cases_message USING btree (organisation_id, id);
CREATE UNIQUE INDEX cases_photo_wall ON public.cases_photo USING btree (organisation_id, id);
CREATE INDEX cases_publication_published_by_id_4ebe8e26 ON public.cases_publication USING btree (published_by_id);
CREATE UNIQUE INDEX cases_publication_wall ON public.cases_publication USING btree (organisation_id, id);
CREATE UNIQUE INDEX cases_question_wall ON public.cases_question USING btree (organisation_id, id);
CREATE UNIQUE INDEX cases_reporter_wall ON public.cases_reporter USING btree (organisation_id, id);
CREATE INDEX cases_ruleset_created_by_id_d17660ff ON public.cases_ruleset USING btree (created_by_id);
CREATE UNIQUE INDEX cases_ruleset_wall ON public.cases_ruleset USING btree (organisation_id, id);
CREATE UNIQUE INDEX cases_suggestionmodel_wall ON public.cases_suggestionmodel USING btree (organisation_id, id);
CREATE INDEX code_newest ON public.notifications_onetimecode USING btree (organisation_id, contact_id, purpose, id DESC);
CREATE UNIQUE INDEX collaboration_group_wall ON public.collaboration_group USING btree (organisation_id, id);
CREATE UNIQUE INDEX collaboration_offer_wall ON public.collaboration_offer USING btree (organisation_id, id);
CREATE UNIQUE INDEX collaboration_partner_wall ON public.collaboration_partner USING btree (organisation_id, id);
CREATE UNIQUE INDEX collaboration_poolentry_wall ON public.collaboration_poolentry USING btree (organisation_id, id);
CREATE INDEX delivery_age ON public.exchange_delivery USING btree (organisation_id, created_at);
CREATE INDEX delivery_failed ON public.exchange_delivery USING btree (organisation_id, webhook_id, id DESC) WHERE ((state)::text = 'failed'::text);
CREATE INDEX delivery_lane ON public.exchange_delivery USING btree (organisation_id, webhook_id, case_id, id) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX delivery_newest ON public.exchange_delivery USING btree (organisation_id, webhook_id, id DESC);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX document_case ON public.cases_document USING btree (organisation_id, case_id);
CREATE INDEX document_file ON public.cases_document USING btree (organisation_id, file_id);
CREATE INDEX document_meeting ON public.matters_document USING btree (organisation_id, meeting_id);
CREATE INDEX document_news ON public.matters_document USING btree (organisation_id, changed_at DESC);
CREATE INDEX document_unused ON public.files_storeddocument USING btree (organisation_id, created_at) WHERE (NOT used);
CREATE INDEX draft_age ON public.cases_draft USING btree (organisation_id, saved_at);
CREATE INDEX draft_case_linked ON public.intake_draftcase USING btree (organisation_id, linked_id) WHERE (linked_id IS NOT NULL);
CREATE INDEX draft_case_newest ON public.intake_draftcase USING btree (organisation_id, id DESC);
CREATE INDEX draft_case_waiting ON public.intake_draftcase USING btree (organisation_id, id) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX draft_file_document ON public.intake_draftfile USING btree (organisation_id, document_id) WHERE (document_id IS NOT NULL);
CREATE INDEX draft_file_draft ON public.intake_draftfile USING btree (organisation_id, draft_id);
CREATE INDEX draft_file_photo ON public.intake_draftfile USING btree (organisation_id, photo_id) WHERE (photo_id IS NOT NULL);
CREATE INDEX entry_open ON public.collaboration_poolentry USING btree (organisation_id, id) WHERE ((state)::text = 'open'::text);
CREATE INDEX event_case_news ON public.audit_event USING btree (organisation_id, at, id) WHERE (((subject_type)::text = 'case'::text) AND (NOT ((verb)::text = 'case.registered'::text)));
CREATE INDEX event_order ON public.audit_event USING btree (organisation_id, id);
CREATE INDEX event_person ON public.audit_event USING btree (organisation_id, actor_id, at, id) WHERE ((actor_kind)::text = 'person'::text);
CREATE INDEX event_settings ON public.audit_event USING btree (organisation_id, subject_type, at, id) WHERE (NOT ((subject_type)::text = 'case'::text));
CREATE INDEX event_subject ON public.audit_event USING btree (organisation_id, subject_type, subject_id, id);
CREATE INDEX event_when ON public.audit_event USING btree (organisation_id, at, id);
CREATE UNIQUE INDEX exchange_delivery_wall ON public.exchange_delivery USING btree (organisation_id, id);
CREATE UNIQUE INDEX exchange_incoming_wall ON public.exchange_incoming USING btree (organisation_id, id);
CREATE UNIQUE INDEX exchange_link_wall ON public.exchange_link USING btree (organisation_id, id);
CREATE UNIQUE INDEX exchange_outgoing_wall ON public.exchange_outgoing USING btree (organisation_id, id);
CREATE UNIQUE INDEX exchange_system_wall ON public.exchange_system USING btree (organisation_id, id);
CREATE UNIQUE INDEX exchange_webhook_wall ON public.exchange_webhook USING btree (organisation_id, id);
CREATE INDEX file_unused ON public.files_storedfile USING btree (organisation_id, created_at) WHERE (NOT used);
CREATE UNIQUE INDEX files_heldfile_wall ON public.files_heldfile USING btree (organisation_id, id);
CREATE UNIQUE INDEX files_stagedobject_wall ON public.files_stagedobject USING btree (organisation_id, id);
CREATE UNIQUE INDEX files_storeddocument_wall ON public.files_storeddocument USING btree (organisation_id, id);
CREATE UNIQUE INDEX files_storedfile_wall ON public.files_storedfile USING btree (organisation_id, id);
CREATE INDEX follow_contact ON public.following_follow USING btree (organisation_id, contact_id);
CREATE INDEX follow_ending ON public.following_follow USING btree (organisation_id, expires_at) WHERE (expires_at IS NOT NULL);
CREATE UNIQUE INDEX following_follow_wall ON public.following_follow USING btree (organisation_id, id);
CREATE UNIQUE INDEX following_match_wall ON public.following_match USING btree (organisation_id, id);
CREATE UNIQUE INDEX following_news_wall ON public.following_news USING btree (organisation_id, id);
CREATE UNIQUE INDEX following_placeposting_wall ON public.following_placeposting USING btree (organisation_id, id);
CREATE UNIQUE INDEX following_profile_wall ON public.following_profile USING btree (organisation_id, id);
CREATE UNIQUE INDEX following_subjectposting_wall ON public.following_subjectposting USING btree (organisation_id, id);
CREATE INDEX held_file_age ON public.files_heldfile USING btree (organisation_id, created_at);
CREATE UNIQUE INDEX inlet_one_for_answers ON public.organisations_inlet USING btree (organisation_id, channel) WHERE answers;
CREATE UNIQUE INDEX intake_alarm_wall ON public.intake_alarm USING btree (organisation_id, id);
CREATE UNIQUE INDEX intake_apikey_wall ON public.intake_apikey USING btree (organisation_id, id);
CREATE UNIQUE INDEX intake_arrival_wall ON public.intake_arrival USING btree (organisation_id, id);
CREATE UNIQUE INDEX intake_diversion_wall ON public.intake_diversion USING btree (organisation_id, id);
CREATE UNIQUE INDEX intake_draftcase_wall ON public.intake_draftcase USING btree (organisation_id, id);
CREATE UNIQUE INDEX intake_draftfile_wall ON public.intake_draftfile USING btree (organisation_id, id);
CREATE UNIQUE INDEX intake_facebookpage_wall ON public.intake_facebookpage USING btree (organisation_id, id);
CREATE UNIQUE INDEX intake_linkedphoto_wall ON public.intake_linkedphoto USING btree (organisation_id, id);
CREATE UNIQUE INDEX intake_original_wall ON public.intake_original USING btree (organisation_id, id);
CREATE UNIQUE INDEX intake_recentuse_wall ON public.intake_recentuse USING btree (organisation_id, id);
CREATE UNIQUE INDEX intake_reception_wall ON public.intake_reception USING btree (organisation_id, id);
CREATE INDEX item_matter ON public.matters_item USING btree (organisation_id, matter_id);
CREATE INDEX item_reference_to ON public.matters_itemreference USING btree (organisation_id, treatment);
CREATE INDEX item_treated ON public.matters_item USING btree (organisation_id, treatment) WHERE (NOT ((treatment)::text = ''::text));
CREATE INDEX job_finished ON public.jobs_job USING btree (finished_at) WHERE ((state)::text = ANY ((ARRAY['done'::character varying, 'dead'::character varying])::text[]));
CREATE INDEX job_leased ON public.jobs_job USING btree (lease_until) WHERE ((state)::text = 'running'::text);
CREATE UNIQUE INDEX job_only_one_waiting ON public.jobs_job USING btree (unique_key) WHERE (((state)::text = 'ready'::text) AND (unique_key IS NOT NULL));
CREATE INDEX job_waiting ON public.jobs_job USING btree (priority DESC, run_after, id) WHERE ((state)::text = 'ready'::text);
CREATE INDEX jobs_schedule_task_de00e6b2_like ON public.jobs_schedule USING btree (task varchar_pattern_ops);
CREATE INDEX kept_form_age ON public.accounts_keptform USING btree (organisation_id, at);
CREATE INDEX kept_form_of ON public.accounts_keptform USING btree (organisation_id, user_id);
CREATE INDEX link_busy ON public.exchange_link USING btree (organisation_id, system_id) WHERE (NOT (busy_until IS NULL));
CREATE UNIQUE INDEX link_remote ON public.exchange_link USING btree (organisation_id, system_id, remote_id) WHERE (NOT ((remote_id)::text = ''::text));
CREATE INDEX linked_photo_case ON public.intake_linkedphoto USING btree (organisation_id, case_id);
CREATE INDEX linked_photo_message ON public.intake_linkedphoto USING btree (organisation_id, message_id);
CREATE INDEX map_count_cells ON public.cases_mapcount USING btree (organisation_id, depth, prefix);
CREATE INDEX match_of_news ON public.following_match USING btree (organisation_id, news_id, profile_id);
CREATE INDEX matter_area ON public.matters_matterplace USING btree (organisation_id, area_id);
CREATE INDEX matter_case ON public.matters_caselink USING btree (organisation_id, case_id);
CREATE INDEX matter_event_order ON public.matters_matterevent USING btree (organisation_id, matter_id, occurred_on);
CREATE INDEX matter_merged ON public.matters_matter USING btree (organisation_id, merged_into_id) WHERE (merged_into_id IS NOT NULL);
CREATE INDEX matter_newest ON public.matters_matter USING btree (organisation_id, last_on DESC, id DESC);
CREATE INDEX matter_number_of ON public.matters_matternumber USING btree (organisation_id, matter_id);
CREATE INDEX matter_topic ON public.matters_mattertopic USING btree (organisation_id, topic);
CREATE INDEX matters_body_code_c501fbb6 ON public.matters_body USING btree (code);
CREATE INDEX matters_body_code_c501fbb6_like ON public.matters_body USING btree (code varchar_pattern_ops);
CREATE UNIQUE INDEX matters_body_wall ON public.matters_body USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_caselink_wall ON public.matters_caselink USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_document_wall ON public.matters_document USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_documentversion_wall ON public.matters_documentversion USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_item_wall ON public.matters_item USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_itemreference_wall ON public.matters_itemreference USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_matter_wall ON public.matters_matter USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_matterevent_wall ON public.matters_matterevent USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_matternumber_wall ON public.matters_matternumber USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_matterplace_wall ON public.matters_matterplace USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_mattertopic_wall ON public.matters_mattertopic USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_meeting_wall ON public.matters_meeting USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_ownlevel_wall ON public.matters_ownlevel USING btree (organisation_id, id);
CREATE UNIQUE INDEX matters_source_wall ON public.matters_source USING btree (organisation_id, id);
CREATE INDEX meeting_day ON public.matters_meeting USING btree (organisation_id, held_on DESC);
CREATE INDEX message_case ON public.cases_message USING btree (organisation_id, case_id, id);
CREATE UNIQUE INDEX message_once ON public.cases_message USING btree (organisation_id, case_id, external_id) WHERE (NOT ((external_id)::text = ''::text));
CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);
CREATE INDEX news_newest ON public.following_news USING btree (organisation_id, at DESC);
CREATE INDEX news_subject ON public.following_news USING btree (organisation_id, subject_type, subject_id);
CREATE INDEX notice_contact ON public.notifications_notice USING btree (organisation_id, contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX notice_failed ON public.notifications_notice USING btree (organisation_id, id DESC) WHERE ((state)::text = 'failed'::text);
CREATE INDEX notice_gathered ON public.notifications_notice USING btree (organisation_id, gathered_in_id) WHERE (gathered_in_id IS NOT NULL);
CREATE INDEX notice_held ON public.notifications_notice USING btree (organisation_id, contact_id) WHERE ((state)::text = 'held'::text);
CREATE INDEX notice_newest ON public.notifications_notice USING btree (organisation_id, id DESC);
CREATE INDEX notice_subject ON public.notifications_notice USING btree (organisation_id, subject_type, subject_id);
CREATE UNIQUE INDEX notifications_contact_wall ON public.notifications_contact USING btree (organisation_id, id);
CREATE UNIQUE INDEX notifications_notice_wall ON public.notifications_notice USING btree (organisation_id, id);
CREATE UNIQUE INDEX notifications_onetimecode_wall ON public.notifications_onetimecode USING btree (organisation_id, id);
CREATE UNIQUE INDEX notifications_pushsubscription_wall ON public.notifications_pushsubscription USING btree (organisation_id, id);
CREATE UNIQUE INDEX notifications_senttext_wall ON public.notifications_senttext USING btree (organisation_id, id);
CREATE UNIQUE INDEX notifications_textgateway_wall ON public.notifications_textgateway USING btree (organisation_id, id);
CREATE INDEX offer_case ON public.collaboration_offer USING btree (organisation_id, case_id);
CREATE UNIQUE INDEX offer_one_open ON public.collaboration_offer USING btree (organisation_id, case_id) WHERE ((state)::text = 'open'::text);
CREATE UNIQUE INDEX opendata_preparedfile_wall ON public.opendata_preparedfile USING btree (organisation_id, id);
CREATE INDEX organisations_hostname_host_3ac818aa_like ON public.organisations_hostname USING btree (host varchar_pattern_ops);
CREATE INDEX organisations_hostname_organisation_id_ea78224f ON public.organisations_hostname USING btree (organisation_id);
CREATE INDEX organisations_inlet_organisation_id_7ec50be9 ON public.organisations_inlet USING btree (organisation_id);
CREATE UNIQUE INDEX organisations_logopicture_wall ON public.organisations_logopicture USING btree (organisation_id, id);
CREATE INDEX organisations_organisation_slug_5f32bfb4_like ON public.organisations_organisation USING btree (slug varchar_pattern_ops);
CREATE INDEX organisations_unit_code_308cdf9e ON public.organisations_unit USING btree (code);
CREATE INDEX organisations_unit_code_308cdf9e_like ON public.organisations_unit USING btree (code varchar_pattern_ops);
CREATE UNIQUE INDEX organisations_unit_wall ON public.organisations_unit USING btree (organisation_id, id);
CREATE INDEX outgoing_failed ON public.exchange_outgoing USING btree (organisation_id, link_id, id) WHERE ((state)::text = 'failed'::text);
CREATE INDEX outgoing_lane ON public.exchange_outgoing USING btree (organisation_id, link_id, id) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX photo_case ON public.cases_photo USING btree (organisation_id, case_id);
CREATE INDEX place_profile ON public.following_placeposting USING btree (organisation_id, profile_id);
CREATE INDEX place_term ON public.following_placeposting USING btree (organisation_id, term, level) INCLUDE (profile_id, alone, narrowed, lat, lon, radius_m);
CREATE UNIQUE INDEX places_address_wall ON public.places_address USING btree (organisation_id, id);
CREATE INDEX places_area_code_7c3e4f9f ON public.places_area USING btree (code);
CREATE INDEX places_area_code_7c3e4f9f_like ON public.places_area USING btree (code varchar_pattern_ops);
CREATE UNIQUE INDEX places_area_wall ON public.places_area USING btree (organisation_id, id);
CREATE UNIQUE INDEX places_asset_wall ON public.places_asset USING btree (organisation_id, id);
CREATE INDEX profile_contact ON public.following_profile USING btree (organisation_id, contact_id);
CREATE INDEX profile_ending ON public.following_profile USING btree (organisation_id, expires_at) WHERE (expires_at IS NOT NULL);
CREATE INDEX publication_search ON public.cases_publication USING gin (search);
CREATE INDEX question_case ON public.cases_question USING btree (organisation_id, case_id);
CREATE INDEX question_due ON public.cases_question USING btree (organisation_id, remind_on) WHERE (settled_at IS NULL);
CREATE INDEX question_message ON public.cases_question USING btree (organisation_id, message_id);
CREATE UNIQUE INDEX question_one_open ON public.cases_question USING btree (organisation_id, case_id) WHERE (settled_at IS NULL);
CREATE INDEX recent_use_until ON public.intake_recentuse USING btree (organisation_id, until);
CREATE INDEX reception_by_client ON public.intake_reception USING btree (organisation_id, case_id) WHERE ((source)::text ~~ 'open311:%'::text);
CREATE INDEX reception_time ON public.intake_reception USING btree (organisation_id, received_at) WHERE (seconds IS NOT NULL);
CREATE INDEX reporter_email ON public.cases_reporter USING btree (organisation_id, email) WHERE (NOT ((email)::text = ''::text));
CREATE INDEX resident_account_contact ON public.residents_account USING btree (organisation_id, contact_id);
CREATE INDEX resident_log_in_ends ON public.residents_login USING btree (organisation_id, ends_at);
CREATE UNIQUE INDEX residents_account_wall ON public.residents_account USING btree (organisation_id, id);
CREATE UNIQUE INDEX residents_accountcase_wall ON public.residents_accountcase USING btree (organisation_id, id);
CREATE UNIQUE INDEX residents_login_wall ON public.residents_login USING btree (organisation_id, id);
CREATE UNIQUE INDEX residents_provider_wall ON public.residents_provider USING btree (organisation_id, id);
CREATE INDEX sent_form_age ON public.accounts_sentform USING btree (organisation_id, at);
CREATE INDEX sent_text_at ON public.notifications_senttext USING btree (organisation_id, at);
CREATE INDEX sent_text_notice ON public.notifications_senttext USING btree (organisation_id, notice_id);
CREATE INDEX subject_profile ON public.following_subjectposting USING btree (organisation_id, profile_id);
CREATE INDEX subject_term ON public.following_subjectposting USING btree (organisation_id, term, level) INCLUDE (profile_id, placed, narrowed);
CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY ((ARRAY['totp'::character varying, 'recovery_codes'::character varying])::text[]));
CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";
CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;
CREATE UNIQUE INDEX unit_one_fallback ON public.organisations_unit USING btree (organisation_id) WHERE fallback;
CREATE UNIQUE INDEX user_email_any_case ON public.accounts_user USING btree (lower((email)::text));
CREATE TRIGGER case_on_map_begun AFTER INSERT ON public.cases_case FOR EACH ROW WHEN (((new.publication_state)::text = 'published'::text)) EXECUTE FUNCTION public.lyhord_case_on_map();
CREATE TRIGGER case_on_map_changed AFTER UPDATE OF publication_state, state, cell, case_type_id, category_id, registered_at ON public.cases_case FOR EACH ROW WHEN (((((old.publication_state)::text = 'published'::text) OR ((new.publication_state)::text = 'published'::text)) AND (((((((old.publication_state)::text IS DISTINCT FROM (new.publication_state)::text) OR ((old.state)::text IS DISTINCT FROM (new.state)::text)) OR (old.cell IS DISTINCT FROM new.cell)) OR (old.case_type_id IS DISTINCT FROM new.case_type_id)) OR (old.category_id IS DISTINCT FROM new.category_id)) OR (old.registered_at IS DISTINCT FROM new.registered_at)))) EXECUTE FUNCTION public.lyhord_case_on_map();
CREATE TRIGGER case_on_map_gone AFTER DELETE ON public.cases_case FOR EACH ROW WHEN (((old.publication_state)::text = 'published'::text)) EXECUTE FUNCTION public.lyhord_case_on_map();
CREATE TRIGGER map_moved AFTER UPDATE OF time_zone ON public.organisations_organisation FOR EACH ROW WHEN (((old.time_zone)::text IS DISTINCT FROM (new.time_zone)::text)) EXECUTE FUNCTION public.lyhord_map_moved();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE ON public.accounts_membership FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE ON public.accounts_membershipunit FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
CREATE TRIGGER new_edition AFTER UPDATE OF full_name, is_active ON public.accounts_user FOR EACH ROW WHEN ((((old.full_name)::text IS DISTINCT FROM (new.full_name)::text) OR (old.is_active IS DISTINCT FROM new.is_active))) EXECUTE FUNCTION public.lyhord_new_edition_of_person();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE ON public.cases_casetype FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE ON public.cases_casetypeversion FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE ON public.cases_category FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE ON public.cases_ruleset FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE ON public.cases_suggestionmodel FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE OF active ON public.exchange_system FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE OF active ON public.exchange_webhook FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE OF client, digest, scopes, hourly, throttled, publishes_at_once, fixmystreet, revoked_at, member_id ON public.intake_apikey FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE ON public.notifications_textgateway FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE ON public.organisations_unit FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
CREATE TRIGGER new_edition AFTER INSERT OR DELETE OR UPDATE ON public.places_area FOR EACH ROW EXECUTE FUNCTION public.lyhord_new_edition();
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_keptform
    ADD CONSTRAINT accounts_keptform_organisation_id_f1a64c1c_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_keptform
    ADD CONSTRAINT accounts_keptform_user_id_c1c200be_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_organisation_id_98e5c22b_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_user_id_487fb39e_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_membershipunit
    ADD CONSTRAINT accounts_membershipu_organisation_id_5b175057_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_membershipunit
    ADD CONSTRAINT accounts_membershipunit_membership_id_wall FOREIGN KEY (organisation_id, membership_id) REFERENCES public.accounts_membership(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_membershipunit
    ADD CONSTRAINT accounts_membershipunit_unit_id_wall FOREIGN KEY (organisation_id, unit_id) REFERENCES public.organisations_unit(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_sentform
    ADD CONSTRAINT accounts_sentform_organisation_id_171806e5_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_sentform
    ADD CONSTRAINT accounts_sentform_user_id_affb097d_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_tokenissuer
    ADD CONSTRAINT accounts_tokenissuer_organisation_id_1e062a99_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_tokensubject
    ADD CONSTRAINT accounts_tokensubjec_organisation_id_90cb1da3_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_tokensubject
    ADD CONSTRAINT accounts_tokensubject_issuer_id_wall FOREIGN KEY (organisation_id, issuer_id) REFERENCES public.accounts_tokenissuer(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_tokensubject
    ADD CONSTRAINT accounts_tokensubject_membership_id_wall FOREIGN KEY (organisation_id, membership_id) REFERENCES public.accounts_membership(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_case
    ADD CONSTRAINT cases_case_area_id_wall FOREIGN KEY (organisation_id, area_id) REFERENCES public.places_area(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_case
    ADD CONSTRAINT cases_case_case_type_id_wall FOREIGN KEY (organisation_id, case_type_id) REFERENCES public.cases_casetype(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_case
    ADD CONSTRAINT cases_case_category_id_wall FOREIGN KEY (organisation_id, category_id) REFERENCES public.cases_category(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_case
    ADD CONSTRAINT cases_case_duplicate_of_id_wall FOREIGN KEY (organisation_id, duplicate_of_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_case
    ADD CONSTRAINT cases_case_officer_id_53018482_fk_accounts_user_id FOREIGN KEY (officer_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_case
    ADD CONSTRAINT cases_case_organisation_id_dac38ff3_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_case
    ADD CONSTRAINT cases_case_unit_id_wall FOREIGN KEY (organisation_id, unit_id) REFERENCES public.organisations_unit(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_case
    ADD CONSTRAINT cases_case_version_id_wall FOREIGN KEY (organisation_id, version_id) REFERENCES public.cases_casetypeversion(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_casetype
    ADD CONSTRAINT cases_casetype_category_id_wall FOREIGN KEY (organisation_id, category_id) REFERENCES public.cases_category(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_casetype
    ADD CONSTRAINT cases_casetype_current_id_wall FOREIGN KEY (organisation_id, current_id) REFERENCES public.cases_casetypeversion(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_casetype
    ADD CONSTRAINT cases_casetype_organisation_id_707364f8_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_casetypeversion
    ADD CONSTRAINT cases_casetypeversio_created_by_id_2da928b8_fk_accounts_ FOREIGN KEY (created_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_casetypeversion
    ADD CONSTRAINT cases_casetypeversio_organisation_id_8ed20552_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_casetypeversion
    ADD CONSTRAINT cases_casetypeversion_case_type_id_wall FOREIGN KEY (organisation_id, case_type_id) REFERENCES public.cases_casetype(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_category
    ADD CONSTRAINT cases_category_organisation_id_df0e8392_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_category
    ADD CONSTRAINT cases_category_unit_id_wall FOREIGN KEY (organisation_id, unit_id) REFERENCES public.organisations_unit(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_document
    ADD CONSTRAINT cases_document_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_document
    ADD CONSTRAINT cases_document_file_id_wall FOREIGN KEY (organisation_id, file_id) REFERENCES public.files_storeddocument(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_document
    ADD CONSTRAINT cases_document_message_id_wall FOREIGN KEY (organisation_id, message_id) REFERENCES public.cases_message(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_document
    ADD CONSTRAINT cases_document_organisation_id_cf116c08_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_draft
    ADD CONSTRAINT cases_draft_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_draft
    ADD CONSTRAINT cases_draft_organisation_id_0bfac563_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_draft
    ADD CONSTRAINT cases_draft_user_id_61805eab_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_mapcount
    ADD CONSTRAINT cases_mapcount_organisation_id_c27a2e60_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_message
    ADD CONSTRAINT cases_message_author_id_9d69da11_fk_accounts_user_id FOREIGN KEY (author_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_message
    ADD CONSTRAINT cases_message_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_message
    ADD CONSTRAINT cases_message_organisation_id_4e7a2ee0_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_photo
    ADD CONSTRAINT cases_photo_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_photo
    ADD CONSTRAINT cases_photo_file_id_wall FOREIGN KEY (organisation_id, file_id) REFERENCES public.files_storedfile(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_photo
    ADD CONSTRAINT cases_photo_message_id_wall FOREIGN KEY (organisation_id, message_id) REFERENCES public.cases_message(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_photo
    ADD CONSTRAINT cases_photo_organisation_id_67b11ca1_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_publication
    ADD CONSTRAINT cases_publication_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_publication
    ADD CONSTRAINT cases_publication_organisation_id_32462652_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_publication
    ADD CONSTRAINT cases_publication_published_by_id_4ebe8e26_fk_accounts_user_id FOREIGN KEY (published_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_question
    ADD CONSTRAINT cases_question_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_question
    ADD CONSTRAINT cases_question_message_id_wall FOREIGN KEY (organisation_id, message_id) REFERENCES public.cases_message(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_question
    ADD CONSTRAINT cases_question_organisation_id_e8a244ba_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_reporter
    ADD CONSTRAINT cases_reporter_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_reporter
    ADD CONSTRAINT cases_reporter_organisation_id_a6f64737_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_ruleset
    ADD CONSTRAINT cases_ruleset_created_by_id_d17660ff_fk_accounts_user_id FOREIGN KEY (created_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_ruleset
    ADD CONSTRAINT cases_ruleset_organisation_id_3feaf068_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cases_suggestionmodel
    ADD CONSTRAINT cases_suggestionmode_organisation_id_3a6f5b63_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.collaboration_group
    ADD CONSTRAINT collaboration_group_organisation_id_dd5f3d75_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.collaboration_offer
    ADD CONSTRAINT collaboration_offer_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.collaboration_offer
    ADD CONSTRAINT collaboration_offer_group_id_wall FOREIGN KEY (organisation_id, group_id) REFERENCES public.collaboration_group(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.collaboration_offer
    ADD CONSTRAINT collaboration_offer_organisation_id_e33de2b0_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.collaboration_offer
    ADD CONSTRAINT collaboration_offer_taker_id_1eaa1e5e_fk_organisat FOREIGN KEY (taker_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.collaboration_partner
    ADD CONSTRAINT collaboration_partne_member_id_4f07be22_fk_organisat FOREIGN KEY (member_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.collaboration_partner
    ADD CONSTRAINT collaboration_partne_organisation_id_cd79efd0_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.collaboration_partner
    ADD CONSTRAINT collaboration_partner_group_id_wall FOREIGN KEY (organisation_id, group_id) REFERENCES public.collaboration_group(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.collaboration_poolentry
    ADD CONSTRAINT collaboration_poolen_giver_id_d3be4c4c_fk_organisat FOREIGN KEY (giver_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.collaboration_poolentry
    ADD CONSTRAINT collaboration_poolen_organisation_id_809b2ca3_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.collaboration_poolentry
    ADD CONSTRAINT collaboration_poolen_taker_id_6192b5f9_fk_organisat FOREIGN KEY (taker_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.collaboration_poolentry
    ADD CONSTRAINT collaboration_poolentry_group_id_wall FOREIGN KEY (organisation_id, group_id) REFERENCES public.collaboration_group(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.exchange_delivery
    ADD CONSTRAINT exchange_delivery_organisation_id_e57a1aa4_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.exchange_delivery
    ADD CONSTRAINT exchange_delivery_webhook_id_wall FOREIGN KEY (organisation_id, webhook_id) REFERENCES public.exchange_webhook(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.exchange_incoming
    ADD CONSTRAINT exchange_incoming_link_id_wall FOREIGN KEY (organisation_id, link_id) REFERENCES public.exchange_link(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.exchange_incoming
    ADD CONSTRAINT exchange_incoming_organisation_id_2e3173b2_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.exchange_link
    ADD CONSTRAINT exchange_link_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.exchange_link
    ADD CONSTRAINT exchange_link_organisation_id_86713885_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.exchange_link
    ADD CONSTRAINT exchange_link_system_id_wall FOREIGN KEY (organisation_id, system_id) REFERENCES public.exchange_system(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.exchange_outgoing
    ADD CONSTRAINT exchange_outgoing_link_id_wall FOREIGN KEY (organisation_id, link_id) REFERENCES public.exchange_link(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.exchange_outgoing
    ADD CONSTRAINT exchange_outgoing_organisation_id_4728970b_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.exchange_system
    ADD CONSTRAINT exchange_system_organisation_id_c94f20ca_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.exchange_webhook
    ADD CONSTRAINT exchange_webhook_organisation_id_dd2d8756_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.files_heldfile
    ADD CONSTRAINT files_heldfile_organisation_id_b3414f70_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.files_stagedobject
    ADD CONSTRAINT files_stagedobject_organisation_id_23a14bab_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.files_storeddocument
    ADD CONSTRAINT files_storeddocument_organisation_id_1d8b99ef_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.files_storedfile
    ADD CONSTRAINT files_storedfile_organisation_id_fb992212_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.following_follow
    ADD CONSTRAINT following_follow_contact_id_wall FOREIGN KEY (organisation_id, contact_id) REFERENCES public.notifications_contact(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.following_follow
    ADD CONSTRAINT following_follow_organisation_id_24579b23_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.following_match
    ADD CONSTRAINT following_match_organisation_id_a4eb938b_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.following_news
    ADD CONSTRAINT following_news_organisation_id_e0391bc1_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.following_placeposting
    ADD CONSTRAINT following_placeposti_organisation_id_8da21788_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.following_placeposting
    ADD CONSTRAINT following_placeposting_profile_id_wall FOREIGN KEY (organisation_id, profile_id) REFERENCES public.following_profile(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.following_profile
    ADD CONSTRAINT following_profile_contact_id_wall FOREIGN KEY (organisation_id, contact_id) REFERENCES public.notifications_contact(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.following_profile
    ADD CONSTRAINT following_profile_organisation_id_501b82ab_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.following_subjectposting
    ADD CONSTRAINT following_subjectpos_organisation_id_ce58babb_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.following_subjectposting
    ADD CONSTRAINT following_subjectposting_profile_id_wall FOREIGN KEY (organisation_id, profile_id) REFERENCES public.following_profile(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_alarm
    ADD CONSTRAINT intake_alarm_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_alarm
    ADD CONSTRAINT intake_alarm_organisation_id_7c5bc5f8_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_apikey
    ADD CONSTRAINT intake_apikey_member_id_wall FOREIGN KEY (organisation_id, member_id) REFERENCES public.accounts_membership(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_apikey
    ADD CONSTRAINT intake_apikey_organisation_id_3bbc7785_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_arrival
    ADD CONSTRAINT intake_arrival_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_arrival
    ADD CONSTRAINT intake_arrival_organisation_id_8da53a03_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_arrival
    ADD CONSTRAINT intake_arrival_unit_id_wall FOREIGN KEY (organisation_id, unit_id) REFERENCES public.organisations_unit(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_diversion
    ADD CONSTRAINT intake_diversion_organisation_id_bbd9fc6d_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_draftcase
    ADD CONSTRAINT intake_draftcase_arrival_id_wall FOREIGN KEY (organisation_id, arrival_id) REFERENCES public.intake_arrival(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_draftcase
    ADD CONSTRAINT intake_draftcase_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_draftcase
    ADD CONSTRAINT intake_draftcase_linked_id_wall FOREIGN KEY (organisation_id, linked_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_draftcase
    ADD CONSTRAINT intake_draftcase_organisation_id_407631a3_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_draftcase
    ADD CONSTRAINT intake_draftcase_unit_id_wall FOREIGN KEY (organisation_id, unit_id) REFERENCES public.organisations_unit(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_draftfile
    ADD CONSTRAINT intake_draftfile_document_id_wall FOREIGN KEY (organisation_id, document_id) REFERENCES public.files_storeddocument(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_draftfile
    ADD CONSTRAINT intake_draftfile_draft_id_wall FOREIGN KEY (organisation_id, draft_id) REFERENCES public.intake_draftcase(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_draftfile
    ADD CONSTRAINT intake_draftfile_organisation_id_f38a7980_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_draftfile
    ADD CONSTRAINT intake_draftfile_photo_id_wall FOREIGN KEY (organisation_id, photo_id) REFERENCES public.files_storedfile(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_facebookpage
    ADD CONSTRAINT intake_facebookpage_organisation_id_7703edd3_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_linkedphoto
    ADD CONSTRAINT intake_linkedphoto_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_linkedphoto
    ADD CONSTRAINT intake_linkedphoto_message_id_wall FOREIGN KEY (organisation_id, message_id) REFERENCES public.cases_message(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_linkedphoto
    ADD CONSTRAINT intake_linkedphoto_organisation_id_1a731ed8_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_original
    ADD CONSTRAINT intake_original_arrival_id_wall FOREIGN KEY (organisation_id, arrival_id) REFERENCES public.intake_arrival(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_original
    ADD CONSTRAINT intake_original_organisation_id_a8be6f0d_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_recentuse
    ADD CONSTRAINT intake_recentuse_organisation_id_53a1f983_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_reception
    ADD CONSTRAINT intake_reception_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.intake_reception
    ADD CONSTRAINT intake_reception_organisation_id_1c6cd26a_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_body
    ADD CONSTRAINT matters_body_organisation_id_722946dd_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_caselink
    ADD CONSTRAINT matters_caselink_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_caselink
    ADD CONSTRAINT matters_caselink_matter_id_wall FOREIGN KEY (organisation_id, matter_id) REFERENCES public.matters_matter(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_caselink
    ADD CONSTRAINT matters_caselink_organisation_id_0d20578f_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_document
    ADD CONSTRAINT matters_document_body_id_wall FOREIGN KEY (organisation_id, body_id) REFERENCES public.matters_body(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_document
    ADD CONSTRAINT matters_document_meeting_id_wall FOREIGN KEY (organisation_id, meeting_id) REFERENCES public.matters_meeting(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_document
    ADD CONSTRAINT matters_document_organisation_id_a6588693_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_document
    ADD CONSTRAINT matters_document_source_id_wall FOREIGN KEY (organisation_id, source_id) REFERENCES public.matters_source(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_documentversion
    ADD CONSTRAINT matters_documentvers_organisation_id_6c893dc4_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_documentversion
    ADD CONSTRAINT matters_documentversion_document_id_wall FOREIGN KEY (organisation_id, document_id) REFERENCES public.matters_document(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_item
    ADD CONSTRAINT matters_item_document_id_wall FOREIGN KEY (organisation_id, document_id) REFERENCES public.matters_document(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_item
    ADD CONSTRAINT matters_item_matter_id_wall FOREIGN KEY (organisation_id, matter_id) REFERENCES public.matters_matter(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_item
    ADD CONSTRAINT matters_item_organisation_id_9a15cb96_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_itemreference
    ADD CONSTRAINT matters_itemreferenc_organisation_id_de7aa1af_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_itemreference
    ADD CONSTRAINT matters_itemreference_item_id_wall FOREIGN KEY (organisation_id, item_id) REFERENCES public.matters_item(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matter
    ADD CONSTRAINT matters_matter_body_id_wall FOREIGN KEY (organisation_id, body_id) REFERENCES public.matters_body(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matter
    ADD CONSTRAINT matters_matter_merged_into_id_wall FOREIGN KEY (organisation_id, merged_into_id) REFERENCES public.matters_matter(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matter
    ADD CONSTRAINT matters_matter_organisation_id_8f31dd7a_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matterevent
    ADD CONSTRAINT matters_matterevent_body_id_wall FOREIGN KEY (organisation_id, body_id) REFERENCES public.matters_body(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matterevent
    ADD CONSTRAINT matters_matterevent_document_id_wall FOREIGN KEY (organisation_id, document_id) REFERENCES public.matters_document(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matterevent
    ADD CONSTRAINT matters_matterevent_item_id_wall FOREIGN KEY (organisation_id, item_id) REFERENCES public.matters_item(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matterevent
    ADD CONSTRAINT matters_matterevent_matter_id_wall FOREIGN KEY (organisation_id, matter_id) REFERENCES public.matters_matter(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matterevent
    ADD CONSTRAINT matters_matterevent_organisation_id_290d2fa4_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matternumber
    ADD CONSTRAINT matters_matternumber_matter_id_wall FOREIGN KEY (organisation_id, matter_id) REFERENCES public.matters_matter(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matternumber
    ADD CONSTRAINT matters_matternumber_organisation_id_a8469475_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matterplace
    ADD CONSTRAINT matters_matterplace_area_id_wall FOREIGN KEY (organisation_id, area_id) REFERENCES public.places_area(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matterplace
    ADD CONSTRAINT matters_matterplace_matter_id_wall FOREIGN KEY (organisation_id, matter_id) REFERENCES public.matters_matter(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_matterplace
    ADD CONSTRAINT matters_matterplace_organisation_id_af569aca_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_mattertopic
    ADD CONSTRAINT matters_mattertopic_matter_id_wall FOREIGN KEY (organisation_id, matter_id) REFERENCES public.matters_matter(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_mattertopic
    ADD CONSTRAINT matters_mattertopic_organisation_id_2bdaff4e_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_meeting
    ADD CONSTRAINT matters_meeting_body_id_wall FOREIGN KEY (organisation_id, body_id) REFERENCES public.matters_body(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_meeting
    ADD CONSTRAINT matters_meeting_organisation_id_869f2289_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_ownlevel
    ADD CONSTRAINT matters_ownlevel_organisation_id_1d1338ca_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.matters_source
    ADD CONSTRAINT matters_source_organisation_id_398b89db_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_contact
    ADD CONSTRAINT notifications_contac_organisation_id_aecc57dc_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_notice
    ADD CONSTRAINT notifications_notice_contact_id_wall FOREIGN KEY (organisation_id, contact_id) REFERENCES public.notifications_contact(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_notice
    ADD CONSTRAINT notifications_notice_gathered_in_id_wall FOREIGN KEY (organisation_id, gathered_in_id) REFERENCES public.notifications_notice(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_notice
    ADD CONSTRAINT notifications_notice_organisation_id_079c1866_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_onetimecode
    ADD CONSTRAINT notifications_onetim_organisation_id_a72f2359_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_onetimecode
    ADD CONSTRAINT notifications_onetimecode_contact_id_wall FOREIGN KEY (organisation_id, contact_id) REFERENCES public.notifications_contact(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_pushsubscription
    ADD CONSTRAINT notifications_pushsu_organisation_id_3eed9d37_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_senttext
    ADD CONSTRAINT notifications_sentte_organisation_id_4c246ccf_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_senttext
    ADD CONSTRAINT notifications_senttext_notice_id_wall FOREIGN KEY (organisation_id, notice_id) REFERENCES public.notifications_notice(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notifications_textgateway
    ADD CONSTRAINT notifications_textga_organisation_id_1a5242b7_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.opendata_preparedfile
    ADD CONSTRAINT opendata_preparedfil_organisation_id_780e0c00_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_hostname
    ADD CONSTRAINT organisations_hostna_organisation_id_ea78224f_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_inlet
    ADD CONSTRAINT organisations_inlet_organisation_id_7ec50be9_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_logopicture
    ADD CONSTRAINT organisations_logopi_organisation_id_e2784768_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_unit
    ADD CONSTRAINT organisations_unit_organisation_id_05d88b02_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisations_unit
    ADD CONSTRAINT organisations_unit_parent_id_wall FOREIGN KEY (organisation_id, parent_id) REFERENCES public.organisations_unit(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.places_address
    ADD CONSTRAINT places_address_organisation_id_345d2e2d_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.places_area
    ADD CONSTRAINT places_area_organisation_id_9d2ef9e1_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.places_asset
    ADD CONSTRAINT places_asset_organisation_id_050013c0_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.residents_account
    ADD CONSTRAINT residents_account_contact_id_wall FOREIGN KEY (organisation_id, contact_id) REFERENCES public.notifications_contact(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.residents_account
    ADD CONSTRAINT residents_account_organisation_id_5ab34e10_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.residents_accountcase
    ADD CONSTRAINT residents_accountcas_organisation_id_e0045faf_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.residents_accountcase
    ADD CONSTRAINT residents_accountcase_account_id_wall FOREIGN KEY (organisation_id, account_id) REFERENCES public.residents_account(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.residents_accountcase
    ADD CONSTRAINT residents_accountcase_case_id_wall FOREIGN KEY (organisation_id, case_id) REFERENCES public.cases_case(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.residents_login
    ADD CONSTRAINT residents_login_account_id_wall FOREIGN KEY (organisation_id, account_id) REFERENCES public.residents_account(organisation_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.residents_login
    ADD CONSTRAINT residents_login_organisation_id_b26aa30d_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.residents_provider
    ADD CONSTRAINT residents_provider_organisation_id_dd5c9a49_fk_organisat FOREIGN KEY (organisation_id) REFERENCES public.organisations_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE public.accounts_keptform ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.accounts_membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.accounts_membershipunit ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.accounts_sentform ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.accounts_tokenissuer ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.accounts_tokensubject ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.audit_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_casetype ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_casetypeversion ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_category ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_document ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_mapcount ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_photo ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_publication ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_question ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_reporter ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_ruleset ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cases_suggestionmodel ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.collaboration_group ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.collaboration_offer ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.collaboration_partner ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.collaboration_poolentry ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.exchange_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.exchange_incoming ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.exchange_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.exchange_outgoing ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.exchange_system ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.exchange_webhook ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.files_heldfile ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.files_stagedobject ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.files_storeddocument ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.files_storedfile ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.following_follow ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.following_match ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.following_news ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.following_placeposting ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.following_profile ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.following_subjectposting ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.intake_alarm ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.intake_apikey ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.intake_arrival ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.intake_diversion ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.intake_draftcase ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.intake_draftfile ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.intake_facebookpage ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.intake_linkedphoto ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.intake_original ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.intake_recentuse ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.intake_reception ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_body ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_caselink ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_document ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_documentversion ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_itemreference ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_matter ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_matterevent ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_matternumber ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_matterplace ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_mattertopic ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_meeting ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_ownlevel ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.matters_source ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.notifications_contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.notifications_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.notifications_onetimecode ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.notifications_pushsubscription ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.notifications_senttext ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.notifications_textgateway ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.opendata_preparedfile ENABLE ROW LEVEL SECURITY;
CREATE POLICY organisation_wall ON public.accounts_keptform USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.accounts_keptform IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.accounts_membership USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.accounts_membership IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.accounts_membershipunit USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.accounts_membershipunit IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.accounts_sentform USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.accounts_sentform IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.accounts_tokenissuer USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.accounts_tokenissuer IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.accounts_tokensubject USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.accounts_tokensubject IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.audit_event USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.audit_event IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_case USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_case IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_casetype USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_casetype IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_casetypeversion USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_casetypeversion IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_category USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_category IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_document USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_document IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_draft USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_draft IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_mapcount USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_mapcount IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_message USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_message IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_photo USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_photo IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_publication USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_publication IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_question USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_question IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_reporter USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_reporter IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_ruleset USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_ruleset IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.cases_suggestionmodel USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.cases_suggestionmodel IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.collaboration_group USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.collaboration_group IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.collaboration_offer USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.collaboration_offer IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.collaboration_partner USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.collaboration_partner IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.collaboration_poolentry USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.collaboration_poolentry IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.exchange_delivery USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.exchange_delivery IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.exchange_incoming USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.exchange_incoming IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.exchange_link USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.exchange_link IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.exchange_outgoing USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.exchange_outgoing IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.exchange_system USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.exchange_system IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.exchange_webhook USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.exchange_webhook IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.files_heldfile USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.files_heldfile IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.files_stagedobject USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.files_stagedobject IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.files_storeddocument USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.files_storeddocument IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.files_storedfile USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.files_storedfile IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.following_follow USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.following_follow IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.following_match USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.following_match IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.following_news USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.following_news IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.following_placeposting USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.following_placeposting IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.following_profile USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.following_profile IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.following_subjectposting USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.following_subjectposting IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.intake_alarm USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.intake_alarm IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.intake_apikey USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.intake_apikey IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.intake_arrival USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.intake_arrival IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.intake_diversion USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.intake_diversion IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.intake_draftcase USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.intake_draftcase IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.intake_draftfile USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.intake_draftfile IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.intake_facebookpage USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.intake_facebookpage IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.intake_linkedphoto USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.intake_linkedphoto IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.intake_original USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.intake_original IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.intake_recentuse USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.intake_recentuse IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.intake_reception USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.intake_reception IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_body USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_body IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_caselink USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_caselink IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_document USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_document IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_documentversion USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_documentversion IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_item USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_item IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_itemreference USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_itemreference IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_matter USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_matter IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_matterevent USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_matterevent IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_matternumber USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_matternumber IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_matterplace USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_matterplace IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_mattertopic USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_mattertopic IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_meeting USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_meeting IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_ownlevel USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_ownlevel IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.matters_source USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.matters_source IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.notifications_contact USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.notifications_contact IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.notifications_notice USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.notifications_notice IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.notifications_onetimecode USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.notifications_onetimecode IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.notifications_pushsubscription USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.notifications_pushsubscription IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.notifications_senttext USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.notifications_senttext IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.notifications_textgateway USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.notifications_textgateway IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.opendata_preparedfile USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.opendata_preparedfile IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.organisations_logopicture USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.organisations_logopicture IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.organisations_unit USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.organisations_unit IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.places_address USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.places_address IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.places_area USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.places_area IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.places_asset USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.places_asset IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.residents_account USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.residents_account IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.residents_accountcase USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.residents_accountcase IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.residents_login USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.residents_login IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
CREATE POLICY organisation_wall ON public.residents_provider USING ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint)) WITH CHECK ((organisation_id = (NULLIF(current_setting('lyhord.organisation'::text, true), ''::text))::bigint));
COMMENT ON POLICY organisation_wall ON public.residents_provider IS 'organisation_id = nullif(current_setting(''lyhord.organisation'', true), '''')::bigint';
ALTER TABLE public.organisations_logopicture ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.organisations_unit ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.places_address ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.places_area ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.places_asset ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.residents_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.residents_accountcase ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.residents_login ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.residents_provider ENABLE ROW LEVEL SECURITY;
INSERT INTO public.django_migrations (app, name, applied) VALUES
('organisations', '0001_initial', now()),
('accounts', '0001_initial', now()),
('account', '0001_initial', now()),
('account', '0002_email_max_length', now()),
('account', '0003_alter_emailaddress_create_unique_verified_email', now()),
('account', '0004_alter_emailaddress_drop_unique_email', now()),
('account', '0005_emailaddress_idx_upper_email', now()),
('account', '0006_emailaddress_lower', now()),
('account', '0007_emailaddress_idx_email', now()),
('account', '0008_emailaddress_unique_primary_email_fixup', now()),
('account', '0009_emailaddress_unique_primary_email', now()),
('organisations', '0002_rules_and_roles', now()),
('organisations', '0003_sort_by_bytes', now()),
('organisations', '0004_edition', now()),
('accounts', '0002_sort_by_bytes', now()),
('accounts', '0003_works_elsewhere', now()),
('accounts', '0004_api', now()),
('accounts', '0005_forms_on_the_way', now()),
('accounts', '0006_edition', now()),
('audit', '0001_initial', now()),
('audit', '0002_log_page', now()),
('audit', '0003_case_news', now()),
('contenttypes', '0001_initial', now()),
('contenttypes', '0002_remove_content_type_name', now()),
('auth', '0001_initial', now()),
('auth', '0002_alter_permission_name_max_length', now()),
('auth', '0003_alter_user_email_max_length', now()),
('auth', '0004_alter_user_username_opts', now()),
('auth', '0005_alter_user_last_login_null', now()),
('auth', '0006_require_contenttypes_0002', now()),
('auth', '0007_alter_validators_add_error_messages', now()),
('auth', '0008_alter_user_username_max_length', now()),
('auth', '0009_alter_user_last_name_max_length', now()),
('auth', '0010_alter_group_name_max_length', now()),
('auth', '0011_update_proxy_permissions', now()),
('auth', '0012_alter_user_first_name_max_length', now()),
('organisations', '0005_keys', now()),
('organisations', '0006_logo_picture', now()),
('organisations', '0007_inlets', now()),
('organisations', '0008_country', now()),
('places', '0001_initial', now()),
('places', '0002_nearest_address', now()),
('places', '0003_sort_by_bytes', now()),
('places', '0004_edition', now()),
('notifications', '0001_initial', now()),
('notifications', '0002_stop_link_and_private', now()),
('notifications', '0003_push', now()),
('notifications', '0004_contacts', now()),
('following', '0001_initial', now()),
('following', '0002_email_index', now()),
('following', '0003_push', now()),
('following', '0004_contacts', now()),
('files', '0001_initial', now()),
('files', '0002_documents', now()),
('cases', '0001_initial', now()),
('cases', '0002_numbers_and_search', now()),
('cases', '0003_rules_and_roles', now()),
('cases', '0004_published_search', now()),
('cases', '0005_codes_with_dots', now()),
('cases', '0006_search_what_one_may_see', now()),
('cases', '0007_draft', now()),
('cases', '0008_campaigns', now()),
('cases', '0009_resident_wrote', now()),
('cases', '0010_small_letters_in_addresses', now()),
('cases', '0011_became_good', now()),
('cases', '0012_changed', now()),
('cases', '0013_map_counts', now()),
('cases', '0014_documents', now()),
('cases', '0015_edition', now()),
('cases', '0016_ways', now()),
('cases', '0017_tile_covers', now()),
('cases', '0018_organisation_name', now()),
('cases', '0019_map_years', now()),
('cases', '0020_question', now()),
('collaboration', '0001_initial', now()),
('exchange', '0001_initial', now()),
('exchange', '0002_edition', now()),
('exchange', '0003_case_systems', now()),
('exchange', '0004_how_systems_are', now()),
('exchange', '0005_dates_and_late_pictures', now()),
('exchange', '0006_knocks', now()),
('exchange', '0007_who_brings_it', now()),
('files', '0003_staging', now()),
('notifications', '0005_one_time_codes', now()),
('notifications', '0006_mail', now()),
('following', '0005_renewal', now()),
('following', '0006_profiles', now()),
('following', '0007_news', now()),
('following', '0008_match_of_news', now()),
('intake', '0001_initial', now()),
('intake', '0002_recent_senders', now()),
('intake', '0003_api_key', now()),
('intake', '0004_updates', now()),
('intake', '0005_alarms', now()),
('intake', '0006_linked_photo', now()),
('intake', '0007_api', now()),
('intake', '0008_recent_use', now()),
('intake', '0009_edition', now()),
('intake', '0010_linked_to_message', now()),
('intake', '0011_filing_time', now()),
('intake', '0012_mail', now()),
('intake', '0013_facebook_page', now()),
('jobs', '0001_initial', now()),
('places', '0005_assets', now()),
('matters', '0001_initial', now()),
('matters', '0002_trial', now()),
('matters', '0003_shown_changed_at', now()),
('mfa', '0001_initial', now()),
('mfa', '0002_authenticator_timestamps', now()),
('mfa', '0003_authenticator_type_uniq', now()),
('notifications', '0007_text_messages', now()),
('notifications', '0008_news_rhythm', now()),
('notifications', '0009_gathered_index', now()),
('opendata', '0001_initial', now()),
('residents', '0001_initial', now()),
('residents', '0002_provider', now()),
('residents', '0003_saml', now()),
('sessions', '0001_initial', now());
