"""Microsoft Presidio over JSON lines of texts on stdin; answers JSON lines of [start, end, type] in code points.

The first argument is a spaCy model; the last line of the answer is the seconds it took.
"""
import json
import sys
import time

from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

provider = NlpEngineProvider(
    nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": sys.argv[1]}]}
)
analyzer = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])
texts = [json.loads(line) for line in sys.stdin]
started = time.perf_counter()
for text in texts:
    found = analyzer.analyze(text=text, language="en")
    print(json.dumps([[one.start, one.end, one.entity_type] for one in found]))
print(json.dumps(time.perf_counter() - started))
