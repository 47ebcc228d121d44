"""The screen: every literal of every pattern, whole words, wherever it stands."""

from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.screen import Screen


def test_hits_are_whole_words_with_offsets_of_the_text(matcher: SkillMatcher) -> None:
    screen = Screen([p for p in matcher.vocabulary.patterns if p.skill.id == "kafka"])
    text = "Kafkaesque; Kafka, ApacheKafka, kafka"
    _, hits = screen.scan(text)
    assert [(text[start : end - 2], start) for _, start, end in hits] == [("Kafka", 12), ("kafka", 32)]


def test_every_pattern_has_a_literal(matcher: SkillMatcher) -> None:
    assert [
        p.place for p in matcher.vocabulary.patterns if not all(word.strip() for word in p.literals or (b"",))
    ] == []
