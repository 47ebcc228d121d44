"""What is found in a text, what is not, and how it is meant."""

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import spacy.matcher
from hypothesis import given, settings
from hypothesis import strategies as st

from skillextract.skills import tokens
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.mention import Mention

POSTING = """Acme builds maps with Rust for millions of people.

What you'll do
- Run Kafka and RabbitMQ clusters
- Work with our data scientists and the DevOps team

What you bring
• Strong Python; C/C++ or Go (both preferred)
- You go the extra mile and excel at what you do
- Terraform or CloudFormation is a plus
- No prior Kubernetes experience required

Benefits
- Unlimited Python courses
"""


def list_found(mentions: list[Mention]) -> list[tuple[str, str, str]]:
    return [(mention.surface, mention.skill_id, mention.requirement) for mention in mentions]


def test_a_posting_is_read_as_a_person_reads_it(matcher: SkillMatcher) -> None:
    mentions = matcher.find_mentions("p1", "Platform Engineer", POSTING)
    tools = [m for m in mentions if matcher.vocabulary.skills[m.skill_id].kind == "tool"]
    assert list_found(tools) == [
        ("Rust", "rust", "context"),
        ("Kafka", "kafka", "duty"),
        ("RabbitMQ", "rabbitmq", "duty"),
        ("Python", "python", "required"),
        ("C", "c", "preferred"),
        ("C++", "cpp", "preferred"),
        ("Go", "go", "preferred"),
        ("Terraform", "terraform", "preferred"),
        ("CloudFormation", "cloudformation", "preferred"),
        ("Kubernetes", "kubernetes", "negated"),
        ("Python", "python", "context"),
    ]


def test_offsets_point_at_the_surface_and_mentions_never_overlap(matcher: SkillMatcher) -> None:
    mentions = matcher.find_mentions("p1", "", POSTING)
    assert [POSTING[m.start : m.end] for m in mentions] == [m.surface for m in mentions]
    assert all(left.end <= right.start for left, right in itertools.pairwise(mentions))


@pytest.mark.parametrize(
    "text",
    [
        "You will go the extra mile for our customers.",
        "We act swiftly and react quickly to what people need.",
        "Sparks joy. Excel at what you do, and rest well.",
        "Machine Learning Engineer",
        "Work closely with data scientists, ML engineers and the DevOps team.",
        "Write to kafka@python.example or see https://www.terraform.example/docs/go",
        "Head of Machine Learning",
    ],
)
def test_nothing_is_found_where_no_skill_is_named(matcher: SkillMatcher, text: str) -> None:
    assert list_found(matcher.find_mentions("p", "", text)) == []


def test_the_employers_own_name_is_no_skill_unless_it_is_asked_for_like_any_other(matcher: SkillMatcher) -> None:
    text = "At Snowflake we store data. Snowflake grows.\nRequirements\nExperience with Snowflake and PostgreSQL."
    found = matcher.find_mentions("p", "", text, company="Snowflake")
    assert [(m.surface, text.count("\n", 0, m.start)) for m in found] == [("Snowflake", 2), ("PostgreSQL", 2)]


def test_the_employers_name_before_that_of_its_product_is_none(matcher: SkillMatcher) -> None:
    text = "Own newer products such as Snowflake Insights and Kafka"
    assert [m.surface for m in matcher.find_mentions("p", "", text, company="snowflake")] == ["Kafka"]


@pytest.mark.parametrize(
    ("company", "line", "expected"),
    [
        ("Docker, Inc.", "Requirements\nOur customers use Docker every day.", []),
        ("Docker, Inc.", "Requirements\nAn interest in Docker's mission.", []),
        ("Docker, Inc.", "Requirements\nHands-on experience with Docker.", ["Docker"]),
        ("Docker, Inc.", "Requirements\nYou have built and shipped using Docker.", ["Docker"]),
        ("ansiblehealth", "Responsibilities\nYou support the Ansible nurse on call.", []),
        ("Snowflake Computing\n4.2", "Responsibilities\nYou help to grow Snowflake.", []),
        ("h2o.ai", "Responsibilities\nYou help to grow H2O.ai.", []),
    ],
)
def test_the_employer_is_known_by_its_short_name_and_its_product_by_being_asked_for(
    matcher: SkillMatcher, company: str, line: str, expected: list[str]
) -> None:
    found = matcher.find_mentions("p", "", line, company=company)
    assert [m.surface for m in found if matcher.vocabulary.skills[m.skill_id].kind == "tool"] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Elixir/Phoenix, Hadoop / Spark", ["Elixir", "Phoenix", "Hadoop", "Spark"]),
        ("Ubuntu/Linux and CI/CD over TCP/IP", ["Ubuntu", "Linux", "CI/CD", "TCP/IP"]),
        ("Ubuntu Linux", ["Ubuntu Linux"]),
    ],
)
def test_a_slash_parts_two_skills_that_are_one_phrase_without_it(
    matcher: SkillMatcher, line: str, expected: list[str]
) -> None:
    assert [m.surface for m in matcher.find_mentions("p", "", line)] == expected


def test_a_name_in_lower_case_is_judged_by_its_own_pattern(matcher: SkillMatcher) -> None:
    line = "We look for a technical background to excel, with redshift or Amazon Athena."
    found = [m.surface for m in matcher.find_mentions("p", "", line)]
    assert "excel" not in found
    assert "redshift" in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Benefits\nFluency with statistical packages such as Stata and SQL.", {"required"}),
        ("We build maps.\nPossesses strong working knowledge of SQL.\nResponsibilities\nRun it.", {"required"}),
        ("About us\nOur software stack is built around SQL.\nRequirements\nPatience.", {"duty"}),
        ("About us\nWe use SQL and Kafka.\nRequirements\nPatience.", {"duty"}),
        ("Benefits\nGain experience with SQL.", {"context"}),
    ],
)
def test_a_line_that_asks_is_a_requirement_wherever_it_stands(
    matcher: SkillMatcher, text: str, expected: set[str]
) -> None:
    found = matcher.find_mentions("p", "", text)
    assert {m.requirement for m in found if matcher.vocabulary.skills[m.skill_id].kind == "tool"} == expected


@pytest.mark.parametrize("company", ["docker.com", "docker.com.au", "docker.foundation"])
def test_the_end_of_a_web_address_is_no_part_of_the_employers_name(matcher: SkillMatcher, company: str) -> None:
    found = matcher.find_mentions("p", "", "About us\nAt Docker we love Kafka.", company=company)
    assert "Docker" not in [m.surface for m in found]


def test_a_skill_inside_the_employers_name_is_none(matcher: SkillMatcher) -> None:
    text = "Gecko Robotics climbs walls. You know robotics."
    found = matcher.find_mentions("p", "", text, company="gecko-robotics")
    assert [(m.surface, m.start) for m in found] == [("robotics", 38)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Quill AI, founded in 2022, sells AI agents.", ["AI agents"]),
        ("- Craft the Quill AI/ML roadmap", ["AI", "ML"]),
        ("- We use AI at Quill", ["AI"]),
        ("- Use Quill ai features", ["ai"]),
    ],
)
def test_the_kind_of_firm_behind_the_employers_name_belongs_to_it(
    matcher: SkillMatcher, line: str, found: list[str]
) -> None:
    text = f"What you will do\n{line}"
    assert [each.surface for each in matcher.find_mentions("p", "", text, company="quill")] == found


@pytest.mark.parametrize("company", ["Gecko AI", "gecko-ai", "geckoai", "Gecko.ai", "Gecko"])
def test_the_whole_name_of_an_employer_is_no_skill_however_the_board_gives_it(
    matcher: SkillMatcher, company: str
) -> None:
    text = "What you will do\nAt Gecko AI you write Python and use AI."
    found = matcher.find_mentions("p", "", text, company=company)
    assert [(each.surface, each.start) for each in found] == [("Python", 39), ("AI", 54)]


def test_an_employer_with_a_short_first_word_is_no_skill(matcher: SkillMatcher) -> None:
    text = "Requirements\n- You want to grow with Up Robotics\n- Python"
    assert [each.surface for each in matcher.find_mentions("p", "", text, company="Up Robotics")] == ["Python"]


def test_a_skill_that_begins_in_the_employers_name_is_none(matcher: SkillMatcher) -> None:
    text = "At Beta Alpha Research you do alpha research and machine learning."
    found = matcher.find_mentions("p", "", text, company="BetaAlpha")
    assert [(m.surface, m.start) for m in found] == [("alpha research", 30), ("machine learning", 49)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("We are backed by the founders of Stripe, Okta and Figma.", []),
        ("Our investors include Jo Ann (Stripe/Okta) and Nordic Fund (Figma).", []),
        ("You report to investors in dashboards (Tableau, Looker)", ["dashboards", "Tableau", "Looker"]),
        ("AI labs like OpenAI, Anthropic and Google", ["AI"]),
        ("Hands-on labs: Docker, Kubernetes", ["Docker", "Kubernetes"]),
        ("You know customer support tools like Gainsight or Tealium.", ["customer support", "Gainsight", "Tealium"]),
        ("You draw in three dimensions with CAD (e.g., Inventor) every day.", ["CAD", "Inventor"]),
        ("You know one language well, preferably in Go.", ["Go"]),
        ("Present to other departments (e.g., Sales) each month.", []),
        ("Funded by the investors behind Snowflake, Datadog and Figma.", []),
        ("Folks who have shipped at Acme, Databricks and Snowflake.", []),
        ("Experience at enterprise orgs (ex: Snowflake, Datadog).", []),
        ("Cursor、Kafka、Go", ["Cursor", "Kafka", "Go"]),
        ("Experience with the Cloudflare dev stack", ["Cloudflare"]),
        ("Join new software or tools with what there is", []),
        ("Go is a strong plus", ["Go"]),
        ("💡 Go", ["Go"]),
        ("Companies like Heap, Snowflake and Shopify use our product.", []),
        ("We outgrow old incumbents (HubSpot, Salesforce)", []),
        ("You pick GraphQL clients such as Urql", ["GraphQL", "Urql"]),
        ("The Ethereum Foundation pays for it", []),
        ("Datadog was founded in 2010.", []),
        ("We partner with industry leaders like Snowflake, Datadog and Figma.", []),
        ("Over 900 customers—including Snowflake, Sagewood and Figma—trust us.", []),
        ("We partner with industry leaders like Hertz, Eventbrite and Okta.", []),
        ("A team of experts from Tesla, Databricks and Snowflake.", []),
        ("At Databricks, we care about people.", []),
        ("Jo Doe (CTO, Microsoft Azure) advises us.", []),
        ("Datadog is hiring in many places.", []),
        ("Hotjar | Big Designers Wanted | Remote", []),
        ("Databricks (YC S13) - San Francisco, CA", []),
        ("Python | Kafka | Terraform, remote", ["Python", "Kafka", "Terraform"]),
        ("Tools like Snowflake, Datadog and Figma are part of the day.", ["Snowflake", "Datadog", "Figma"]),
        ("Built in TypeScript+React; 5+years of C++/Go.", ["TypeScript", "React", "C++", "Go"]),
    ],
)
def test_names_of_companies_are_no_tools(matcher: SkillMatcher, line: str, expected: list[str]) -> None:
    assert [m.surface for m in matcher.find_mentions("p", "", line) if m.surface != "product"] == expected


@pytest.mark.parametrize(
    ("line", "surface", "skill_id"),
    [
        ("•Kubernetes", "Kubernetes", "kubernetes"),
        ("Experience with k8s.", "k8s", "kubernetes"),
        ("Apache\xa0Kafka", "Apache\xa0Kafka", "kafka"),
        ("scikit\u2011learn", "scikit\u2011learn", "scikit-learn"),
        ("You script in R.", "R", "r"),
        ("Python/Go", "Go", "go"),
        ("node.js, React", "node.js", "nodejs"),
        ("(AWS)", "AWS", "aws"),
        ("CI / CD, Docker", "CI / CD", "ci-cd"),
        ("We use Go for our services.", "Go", "go"),
        ("3+ years of writing Go", "Go", "go"),
        ("Languages such as Python, Quorlang, or R", "R", "r"),
        ("Own our Ember-based frontend.", "Ember", "ember"),
        ("Fluent in English and Polish", "Polish", "polish"),
    ],
)
def test_spellings_of_real_postings_are_found(matcher: SkillMatcher, line: str, surface: str, skill_id: str) -> None:
    assert (surface, skill_id) in [(m.surface, m.skill_id) for m in matcher.find_mentions("p", "", line)]


@pytest.mark.parametrize(
    "line",
    [
        "Recruiting is paused until the ward has opened.",
        "Retention of records is seven years.",
        "Training sessions for new carers are on Mondays.",
        "Privacy rooms for mothers on each floor",
        "Annotations on your payslip are explained by our office.",
    ],
)
def test_a_word_of_everyday_work_needs_a_heading_of_duties_or_requirements(matcher: SkillMatcher, line: str) -> None:
    below = {
        heading: [m.surface for m in matcher.find_mentions("p", "", f"{heading}\n- {line}")]
        for heading in ("Duties:", "Benefits:")
    }
    assert matcher.find_mentions("p", "", line) == []
    assert (len(below["Duties:"]), below["Benefits:"]) == (1, [])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("docker, chef, puppet, consul and nomad", ["docker", "chef", "puppet", "consul", "nomad"]),
        ("Our stack: redis, nginx (and chef)", ["redis", "nginx", "chef"]),
        ("Postgres, a chef and a garden", ["Postgres"]),
        ("AWS, drive results", ["AWS"]),
        ("The chef, the storm and the packer", []),
        ("A chef, a storm, docker", ["docker"]),
        ("A mix of rails, chef, redis etc.", ["rails", "chef", "redis"]),
        ("Redis, nginx, chef etc", ["Redis", "nginx", "chef"]),
    ],
)
def test_an_ambiguous_name_in_small_letters_has_to_be_a_whole_item_beside_a_certain_tool(
    matcher: SkillMatcher, line: str, expected: list[str]
) -> None:
    assert [m.surface for m in matcher.find_mentions("p", "", line)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Write Python and lead the migration to Kubernetes.", ["Python", "Kubernetes"]),
        ("Strong communication and executive presence", ["communication", "executive presence"]),
        ("SEO and lead generation", ["SEO", "lead generation"]),
        ("Our data and platform engineers", []),
        ("Rails and Java engineers, C++/Rust developers", []),
        ("Our AI Adoption team and a Security Risk Analyst", []),
        ("You know AI. Adoption teams help", ["AI"]),
        ("An AI Care Partner for nurses", ["AI"]),
        ("Sketch, Figma and Affinity Designer", ["Sketch", "Figma", "Affinity Designer"]),
        ("As an SRE, you will build Go services", ["Go"]),
        ("As a QA, you will test our app", []),
        ("As a Senior SRE you will build Go services", ["Go"]),
        ("We need a full-stack Rails developer", []),
        ("Our ETL, mobile, and platform engineering teams share one Kafka", ["Kafka"]),
        ("You are our second accounting hire", []),
        ("As a staff SRE you will build Go services", ["Go"]),
        (
            "AWS Certified Solutions Architect Associate, Terraform",
            ["AWS Certified Solutions Architect Associate", "Terraform"],
        ),
        ("Designer (Figma) wanted", ["Figma"]),
        ("- Jira, Confluence, and Salesforce admin skills", ["Jira", "Confluence", "Salesforce"]),
        ("Kafka, " * 14 + "Java engineers", ["Kafka"] * 14),
        ("Backbone.js, Rails, Android and QA engineers", []),
        ("Senior Backend Engineer - Kotlin, Kafka", ["Kotlin", "Kafka"]),
        ("Senior Account Strategist, Paid Media", []),
        ("Reporting to the Director of Harbours & Procurement", []),
        ("We seek a Sourcing & Procurement Sr. Specialist", []),
        ("Senior Software Engineer (Full Stack/.NET): https://acme.example/jobs/1", []),
        ("App Development Intern (iOS/Android).", []),
        (
            "Certificates such as Certified Kubernetes Security Specialist (CKS), or others of this kind that you hold",
            ["Certified Kubernetes Security Specialist", "CKS"],
        ),
        ("- SQL expert", ["SQL"]),
        ("We talk to SQL experts, and to a SQL expert of theirs", []),
        ("Engineers (Python/Kafka) wanted", ["Python", "Kafka"]),
        ("SQL Server DBA with Kafka", ["Kafka"]),
        ("Reports to: Business Analytics & Insights Manager", []),
        ("Department: Revenue Operations", []),
        ("Cloud Customer Experience (CCX) team, API & Partnerships Ecosystem Squad", []),
        ("As a Senior Data Scientist, Product Analytics, you will own what we tell of all that people do with it", []),
        (
            "We are looking for a Software Engineer, AI to join our team of twenty people in the north of the country",
            [],
        ),
        (
            "As a Data Engineer, Python and Kafka are what you will write all day, with people who like to",
            ["Python", "Kafka"],
        ),
        ("We use Kafka, Spark, Java engineers love it", ["Kafka", "Spark"]),
        ("An experienced React Native developer", []),
        ("Work on SaaS or developer tools", ["SaaS", "developer tools"]),
        ("A detail-oriented engineer who is curious", ["detail-oriented", "curious"]),
        ("You mentor backend engineers and low-ego people", ["mentor", "low-ego"]),
    ],
)
def test_fields_in_a_job_title_are_no_skills_but_qualities_before_it_are(
    matcher: SkillMatcher, line: str, expected: list[str]
) -> None:
    assert [m.surface for m in matcher.find_mentions("p", "", line)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Autonomous, structured and results-driven mindset", ["Autonomous", "structured", "results-driven"]),
        ("Strong organizational and communication skills", ["organizational", "communication skills"]),
        ("Build reliable, resilient services in Python", ["Python"]),
        ("An organized person with Python and autonomous robots", ["organized", "Python", "autonomous robots"]),
        ("Trustworthy: you keep your word", ["Trustworthy"]),
        ("Trustworthy readers: you write for them", []),
    ],
)
def test_qualities_vouch_for_each_other(matcher: SkillMatcher, line: str, expected: list[str]) -> None:
    text = f"Requirements\n- {line}"
    assert [m.surface for m in matcher.find_mentions("p", "", text)] == expected


@pytest.mark.parametrize(
    ("heading", "line", "expected"),
    [
        ("Responsibilities", "Testing: ensure that releases are sound", ["Testing"]),
        ("Responsibilities", "Testing ideas: you ask readers", []),
        ("Responsibilities", "Outreach: you write to prospects", []),
        ("About us", "Testing: we do it a lot", []),
    ],
)
def test_a_field_that_heads_a_bullet_is_found_and_a_tool_of_that_name_is_not(
    matcher: SkillMatcher, heading: str, line: str, expected: list[str]
) -> None:
    assert [m.surface for m in matcher.find_mentions("p", "", f"{heading}\n- {line}")] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Partner with internal teams, including sales, legal and customer success, on new offers.", []),
        ("Agree on scope with stakeholders across finance, procurement and product marketing", []),
        ("Work beside other teams (compliance, customer support) every day.", []),
        ("Help teams such as marketing with SEO and Figma.", ["SEO", "Figma"]),
        (
            "You help teams across Europe. Kafka, machine learning and SQL are yours.",
            ["Kafka", "machine learning", "SQL"],
        ),
        ("Teams from five countries; you bring experience in finance and accounting.", ["finance", "accounting"]),
        ("We are two teams (React, Kafka)", ["React", "Kafka"]),
        ("Experience leading distributed teams (Agile, Scrum, Kanban)", ["Agile", "Scrum", "Kanban"]),
        ("Guide teams from data modeling to deployment", ["data modeling"]),
        ("- Partner closely with data engineering, compliance and sales to ship", []),
        ("Work hand in hand with our security and customer support", []),
        (
            "Working closely with data analytics, you own data modeling for machine learning.",
            ["data modeling", "machine learning"],
        ),
        ("You work closely with data warehousing and ETL", ["data warehousing", "ETL"]),
        ("A background in sales engineering and data engineering", ["sales engineering", "data engineering"]),
        ("Good written communication - engineers here write a lot", ["written communication"]),
        ("Answer for what the sales, marketing and finance departments spend", []),
        ("Experience in sales and marketing; you lead teams", ["sales", "marketing"]),
        ("Experience in data science and working with engineering teams", ["data science"]),
        ("Partner with product, engineering and leadership to set goals", []),
        ("Close coordination between sales, operations and finance", []),
        ("Comfortable with product, engineering, and data science", ["data science"]),
        ("Alignment across Engineering, Product, Security, Procurement, and Legal", []),
        ("Work with engineering, operations and security to ensure compliance", ["compliance"]),
        ("Seamless communication between frontend and backend", ["communication", "frontend", "backend"]),
        ("You talk to the Finance, National Outreach, and Executive Teams", []),
        ("A security, Legal, and Facilities budget: you see our team", ["security"]),
        ("Product management and leadership experience", ["Product management", "leadership"]),
        ("Our head of Data trusts HuggingFace Trainer", ["HuggingFace"]),
        ("Work with design teams, overseeing both backend and frontend", ["backend", "frontend"]),
        ("Work with teams such as design, sales and product development", []),
        ("We mind re-recruiting and non-coding talks on Kafka", ["Kafka"]),
    ],
)
def test_fields_that_name_other_teams_are_no_skills(matcher: SkillMatcher, line: str, expected: list[str]) -> None:
    assert [m.surface for m in matcher.find_mentions("p", "", f"Requirements\n{line}")] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Partner with data science, marketing and design teams", []),
        ("Work with backend, frontend, and machine learning engineers", []),
        ("Work with Python, backend and data engineers", ["Python"]),
        ("Python, and you talk to backend engineers", ["Python"]),
    ],
)
def test_the_fields_that_share_a_title_are_no_skills(matcher: SkillMatcher, line: str, expected: list[str]) -> None:
    text = f"Requirements:\n- {line}"
    assert [each.surface for each in matcher.find_mentions("", "", text)] == expected


def test_a_line_that_repeats_the_title_holds_no_mention(matcher: SkillMatcher) -> None:
    text = "# Kafka & Python wizard:\nWe use Kafka & Python wizardry."
    assert [each.start for each in matcher.find_mentions("", "Kafka & Python Wizard", text)] == [32, 40]
    assert [each.start for each in matcher.find_mentions("", "", text)] == [2, 10, 32, 40]


def test_the_first_line_of_a_posting_in_a_thread_may_tell_its_stack(matcher: SkillMatcher) -> None:
    header = "Northwind | Lisbon | Python, Kafka | https://northwind.example"
    assert [each.surface for each in matcher.find_mentions("", header, header)] == ["Python", "Kafka"]
    prose = "We are Northwind and look for people who know Python and Kafka. " + "We do parcels in the rain. " * 2
    assert [each.surface for each in matcher.find_mentions("", prose, prose)] == ["Python", "Kafka"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Nice to have: Go", [("Go", "preferred")]),
        ("Go (nice to have)", [("Go", "preferred")]),
        ("Required: Go", [("Go", "required")]),
        ("Go, a plus", [("Go", "preferred")]),
        ('"Go", "Python"', [("Go", "required"), ("Python", "required")]),
        ("Nice to have: Rust. Must have: Python.", [("Rust", "preferred"), ("Python", "required")]),
    ],
)
def test_how_a_skill_is_asked_for_does_not_hide_it(
    matcher: SkillMatcher, line: str, expected: list[tuple[str, str]]
) -> None:
    found = matcher.find_mentions("", "", f"Requirements:\n- {line}")
    assert [(each.surface, each.requirement) for each in found] == expected


@pytest.mark.parametrize(
    ("company", "line", "expected"),
    [
        ("cursor", "We are the team behind Cursor.", ["Cursor"]),
        ("langchain", "Our open source frameworks, LangChain and LangGraph, grow.", ["LangChain", "LangGraph"]),
        ("docker", "At Docker, we love what we do.", []),
        ("acme", "Founded by the creators of Apache Spark, backed by the investors behind Stripe.", ["Apache Spark"]),
    ],
)
def test_what_somebody_has_made_is_a_product(
    matcher: SkillMatcher, company: str, line: str, expected: list[str]
) -> None:
    found = matcher.find_mentions("", "", f"About us\n{line}", company=company)
    assert [(each.surface, each.requirement) for each in found if each.skill_id != "open-source"] == [
        (surface, "context") for surface in expected
    ]


def test_words_alone_among_the_benefits_are_no_skills(matcher: SkillMatcher) -> None:
    assert matcher.find_mentions("", "", "Benefits:\n- Dental\n- Vision\n- Go") == []


def test_the_employer_that_heads_a_posting_in_a_thread_is_no_skill_below_it(matcher: SkillMatcher) -> None:
    text = "{} | Backend Developer | Remote\nZapier is like glue for the web. You write Python."
    assert [each.surface for each in matcher.find_mentions("", "", text.format("Zapier"))] == ["Python"]
    assert [
        each.surface for each in matcher.find_mentions("", "", text.format("Zapier (YC S12) - https://x.test"))
    ] == ["Python"]
    assert [each.surface for each in matcher.find_mentions("", "", text.format("Northwind"))] == ["Zapier", "Python"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Quorlang Labs | Backend, DevOps, Machine Learning | Lisbon | ONSITE", []),
        ("Quorlang Labs | Full-Stack (React) | Remote | https://quorlang.example", ["React"]),
        ("Skills: machine learning | data mining | Python", ["machine learning", "data mining", "Python"]),
        ("Machine learning | remote sensing | Python", ["Machine learning", "remote sensing", "Python"]),
        ("Quorlang | Porto | Full-time " + "x " * 110 + "| we do machine learning", ["machine learning"]),
    ],
)
def test_the_header_of_a_posting_in_a_thread_names_titles(
    matcher: SkillMatcher, line: str, expected: list[str]
) -> None:
    assert [m.surface for m in matcher.find_mentions("p", "", line)] == expected


def test_why_a_mention_was_taken_is_told(matcher: SkillMatcher) -> None:
    [reason] = [r for r in matcher.explain_mentions("p", "", "Go, Kafka") if r.mention.skill_id == "go"]
    path, line = reason.pattern.split(":")
    pattern = (matcher.vocabulary.root / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert (reason.signal, '"id": "go"' in pattern) == ("in_list", True)


PIECES = st.sampled_from(
    [
        "Python",
        "Go",
        "C++",
        "backed by ",
        "Kafka",
        "a plus",
        "(",
        ")",
        ", ",
        "\n",
        "\n@acme.com ",
        " and ",
        "A&",
        "•",
        "n\u2019t",
        "Requirements:\n",
    ]
)


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=25))
def test_what_was_read_before_changes_nothing(matcher: SkillMatcher, pieces: list[str]) -> None:
    text = "".join(pieces)
    matcher.forget_lines()
    first = matcher.find_mentions("p", "", text)
    assert [text[m.start : m.end] for m in first] == [m.surface for m in first]
    assert matcher.find_mentions("p", "", text) == first


def test_a_line_takes_nothing_from_the_line_before_it(matcher: SkillMatcher) -> None:
    text = "Experience with Python\n@acme.com is our mail."
    assert [m.surface for m in matcher.find_mentions("p", "", text)] == ["Python"]


def test_threads_share_a_matcher(matcher: SkillMatcher) -> None:
    texts = [f"Requirements\nPython and Kafka for team {n}.\nGo, Rust" for n in range(400)]
    matcher.forget_lines()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: len(matcher.find_mentions("p", "", text)), texts))
    assert found == [4] * 400


def test_no_thread_runs_a_matcher_of_tokens_before_it_has_its_rule(
    matcher: SkillMatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an empty one had found would be remembered, and the mention lost for good."""

    class SlowMatcher(spacy.matcher.Matcher):
        def add(self, *args: Any, **options: Any) -> None:
            time.sleep(0.05)
            super().add(*args, **options)

    monkeypatch.setattr(tokens, "Matcher", SlowMatcher)
    monkeypatch.setattr(matcher, "_tokens", tokens.TokenMatcher())
    matcher.forget_lines()
    ready = threading.Barrier(4)

    def find(text: str) -> list[tuple[str, str, str]]:
        ready.wait()
        return list_found(matcher.find_mentions("p", "", text))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(find, ["You improvise, adapt!"] * 4))
    matcher.forget_lines()
    assert found == [list_found(matcher.find_mentions("p", "", "You improvise, adapt!"))] * 4
    assert found[0] != []


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("line", "company"),
    [
        ("We are backed by " + "A&" * 60 + " x, Stripe", None),
        ("We are backed by " + "Aor " * 60 + "x, Stripe", None),
        ("We are backed by " + "A.or " * 60 + "x, Stripe", None),
        ("Python" + " & lead" * 60 + " x", None),
        ("AI lead" + " & data & product & platform" * 20 + " & customer", None),
        ("AI lead " * 12_500, None),
        ("Spark x " * 12_500, None),
        ("Engineers at Kafka and " * 3000, None),
        ("Go, " * 3000, None),
        ("Python (a plus " * 1500, None),
        ("Python (a plus) " * 3000, None),
        ("Python is a plus. " * 6000, None),
        ("you must have Python a plus " * 4000, None),
        ("no Python required " * 5000, None),
        ("see x.com/ Python " + "a-" * 50_000, None),
        ("Docker, " * 12_000, "docker"),
        ("Docker, " * 12_000 + "Kafka", "docker"),
        ("Elixir/Phoenix " * 7000, None),
        ("-" * 50_000 + "Go x " * 10_000, None),
        ("@" * 50_000, None),
        *(("You improvise, adapt! " + sign * (100_000 // len(sign)), None) for sign in '()$"_😀'),
        ("You improvise, adapt! " + "http://a.b/" * 9000, None),
        ("You improvise, adapt! " + "(a)" * 30_000, None),
        ("looking for a curious, " * 12_000, None),
        ("our leadership in Go and Kafka " * 3000, None),
        ("Our founders have sold Go, and " * 3000, None),
        ("You will write Go; " * 5000, None),
        ("across " + "Product, " * 10_000 + "Security", None),
        ("Customer Relationship Management (CRM) " * 3000, None),
        ("- Python is a plus " * 6000, None),
        ("Engineer (Python/Kafka) " * 4000, None),
        ("as an SRE, you " * 8000, None),
    ],
    ids=lambda value: value[:24] if value else "",
)
def test_hostile_lines_take_no_time(matcher: SkillMatcher, line: str, company: str | None) -> None:
    matcher.find_mentions("p", "", line, company=company)
    assert matcher.find_mentions("p", "", "Kafka")[0].surface == "Kafka"


@pytest.mark.parametrize(
    ("company", "line", "expected"),
    [
        ("docker", "Docker, Docker and Kafka", ["Docker", "Docker", "Kafka"]),
        ("docker", "Docker, Docker and Docker", []),
        ("docker", "Docker | Kafka, Rust", ["Kafka", "Rust"]),
    ],
)
def test_the_employers_product_is_vouched_for_by_another_tool_of_its_list(
    matcher: SkillMatcher, company: str, line: str, expected: list[str]
) -> None:
    found = matcher.find_mentions("p", "", f"Requirements\n{line}", company=company)
    assert [each.surface for each in found] == expected


def test_accents_of_their_own_make_no_words_of_pieces_and_hide_none(matcher: SkillMatcher) -> None:
    text = "Experience with Go\u0308ttingen, Raphae\u0308l.js and Kafka\u0325s"
    [mention] = matcher.find_mentions("p", "", text)
    assert (mention.surface, text[mention.start : mention.end]) == ("Raphae\u0308l.js", "Raphae\u0308l.js")
    assert [reason.mention for reason in matcher.explain_mentions("p", "", text)] == [mention]


@pytest.mark.parametrize(
    "address", ["acme.de/jobs/python", "acme.co.uk/rust-kafka", "bit.ly/kafka", "acme.jobs/terraform"]
)
def test_words_of_an_address_are_no_skills(matcher: SkillMatcher, address: str) -> None:
    assert matcher.find_mentions("p", "", f"Apply at {address}") == []


def test_a_token_pattern_matches_in_no_address(matcher: SkillMatcher) -> None:
    text = "Requirements\nYou read https://law.example/compliance/rules for compliance."
    assert [(m.surface, m.start) for m in matcher.find_mentions("p", "", text)] == [
        ("compliance", text.rindex("compliance"))
    ]


def test_two_tools_with_a_slash_are_no_address(matcher: SkillMatcher) -> None:
    assert [each.surface for each in matcher.find_mentions("p", "", "ASP.NET/C#")] == ["ASP.NET", "C#"]


@pytest.mark.parametrize(
    "text",
    [
        "You improvise, adapt! \ud800",
        "\udfff You improvise, adapt!",
        "=" * 300 + "You improvise, adapt!" + "=" * 300,
        "x" * 300 + " You improvise, adapt!",
        "x" * 1_000_000 + " You improvise, adapt!",
    ],
    ids=["half behind", "half before", "signs", "letters", "more than spaCy takes"],
)
def test_what_the_tokenizer_is_spared_moves_no_mention(matcher: SkillMatcher, text: str) -> None:
    [mention] = matcher.find_mentions("p", "", text)
    assert mention.surface == text[mention.start : mention.end] == "improvise, adapt"


def test_signs_that_the_tokenizer_is_spared_make_no_neighbours(matcher: SkillMatcher) -> None:
    assert matcher.find_mentions("p", "", "You improvise " + "=" * 40 + " adapt!") == []


@given(st.text())
def test_no_text_breaks_the_matcher(matcher: SkillMatcher, text: str) -> None:
    mentions = matcher.find_mentions("p", "", text)
    assert [text[m.start : m.end] for m in mentions] == [m.surface for m in mentions]


def test_a_title_with_a_list_in_brackets_says_what_it_needs(matcher: SkillMatcher) -> None:
    assert [m.surface for m in matcher.find_mentions("p", "", "Machine Learning Engineer (TensorFlow, Go, etc.)")] == [
        "TensorFlow",
        "Go",
    ]
    assert matcher.find_mentions("p", "", "Data Scientist (Machine Learning)") == []
