"""The lifecycle and the run look-up with google/ml-metadata, on its own SQLite store.

Usage: mlmd.py FILE SECONDS. Prints lifecycles a second, and the seconds of one look-up of a run of 16 artifacts.

A lifecycle is what a caller of that library writes for it: an artifact in state PENDING attributed to the run's
context, then the same artifact LIVE with its result. Its connection sets no write-ahead log and no durability of its
own: SQLite's rollback journal with its default synchronous=FULL.
"""

import sys
import time

from ml_metadata.metadata_store import metadata_store
from ml_metadata.proto import metadata_store_pb2 as pb

RUN_SIZE = 16
PROMPT = (
    "A lighthouse on a basalt cliff at dusk, seen from the sea, heavy swell in the foreground, the lamp already lit, "
    "a thin line of orange light under the clouds, painted in gouache on rough paper, no people, no text"
)
REQUEST = {
    "prompt": PROMPT, "requestedModel": "gpt-image-1.5", "size": "1024x1024", "quality": "high",
    "outputFormat": "png", "skillVersion": "illustrate-2.3.0", "promptVersion": "2025-11-04",
    "templateVersion": "hero-7", "part0": "Paint in gouache on rough paper. No people, no text.",
    "part1": "A lighthouse on a basalt cliff at dusk, seen from the sea, heavy swell in the foreground.",
}
RESULT = {
    "storageKind": "s3", "bucket": "renders", "contentType": "image/png", "byteCount": 1482113,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "width": 1024, "height": 1024,
    "provider": "openai", "imageGenerationMode": "direct_image_model",
    "underlyingImageModel": "gpt-image-1.5-2025-12-16", "providerRequestId": "req_7d2f5a0f3f1e4b0c9c1d2e3f4a5b6c7d",
    "inputTokens": 50, "inputTextTokens": 50, "inputImageTokens": 0, "cachedInputTokens": 0, "outputTokens": 4160,
    "outputTextTokens": 0, "outputImageTokens": 4160, "totalTokens": 4210, "imageCount": 1, "durationMs": 18250,
    "costMicros": 133370, "costCurrency": "USD",
}


def property_type(value):
    return pb.INT if isinstance(value, int) else pb.STRING


def set_properties(artifact, values):
    for name, value in values.items():
        if isinstance(value, int):
            artifact.properties[name].int_value = value
        else:
            artifact.properties[name].string_value = value


class Runs:
    def __init__(self, path):
        connection = pb.ConnectionConfig()
        connection.sqlite.filename_uri = path
        connection.sqlite.connection_mode = pb.SqliteMetadataSourceConfig.READWRITE_OPENCREATE
        self.store = metadata_store.MetadataStore(connection)
        artifact_type = pb.ArtifactType(name="generated_image")
        for name, value in {**REQUEST, **RESULT}.items():
            artifact_type.properties[name] = property_type(value)
        self.artifact_type = self.store.put_artifact_type(artifact_type)
        self.run_type = self.store.put_context_type(pb.ContextType(name="skill_run"))

    def lifecycle(self, number):
        run = f"run_{number // RUN_SIZE}"
        if number % RUN_SIZE == 0:
            [self.run] = self.store.put_contexts([pb.Context(type_id=self.run_type, name=run)])
        artifact = pb.Artifact(type_id=self.artifact_type, name=f"{run}/image-{number % RUN_SIZE}")
        artifact.state = pb.Artifact.PENDING
        set_properties(artifact, REQUEST)
        [artifact.id] = self.store.put_artifacts([artifact])
        attribution = pb.Attribution(artifact_id=artifact.id, context_id=self.run)
        self.store.put_attributions_and_associations([attribution], [])
        artifact.uri = f"s3://renders/{artifact.name}"
        artifact.state = pb.Artifact.LIVE
        set_properties(artifact, RESULT)
        self.store.put_artifacts([artifact])

    def look_up(self, number):
        run = self.store.get_context_by_type_and_name("skill_run", f"run_{number}")
        artifacts = self.store.get_artifacts_by_context(run.id)
        assert len(artifacts) == RUN_SIZE
        return sum(artifact.properties["totalTokens"].int_value for artifact in artifacts)


def repeated(seconds, operation):
    """How often the operation ran, and in how many seconds. It gets 0, 1, 2 and so on."""
    count, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        operation(count)
        count += 1
    return count, elapsed


def main():
    runs, seconds = Runs(sys.argv[1]), float(sys.argv[2])
    count, elapsed = repeated(seconds, runs.lifecycle)
    # Whole runs to look up, however few artifacts the time was enough for.
    whole = max(1, count // RUN_SIZE)
    for number in range(count, whole * RUN_SIZE):
        runs.lifecycle(number)
    looked_up, looking = repeated(seconds, lambda number: runs.look_up(number % whole))
    print(count / elapsed, looking / looked_up)


if __name__ == "__main__":
    main()
