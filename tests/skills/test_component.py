"""The matcher inside a spaCy pipeline."""

from pathlib import Path

import spacy
from spacy import displacy


def test_the_component_marks_skills_and_survives_saving(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("skill_matcher")
    [doc] = nlp.pipe(["You know RabbitMQ, Kafka and teamwork."])
    expected = [("RabbitMQ", "tool", "rabbitmq"), ("Kafka", "tool", "kafka")]
    assert [(s.text, s.label_, s.id_) for s in doc.spans["skills"] if s.label_ == "tool"] == expected
    nlp.to_disk(tmp_path)
    again = spacy.load(tmp_path)("You know RabbitMQ, Kafka and teamwork.")
    assert [(s.text, s.label_, s.id_) for s in again.spans["skills"] if s.label_ == "tool"] == expected
    html = displacy.render(again, style="span", options={"spans_key": "skills"}, jupyter=False)
    assert "RabbitMQ" in html
