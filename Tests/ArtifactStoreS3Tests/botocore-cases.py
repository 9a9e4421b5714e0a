"""Signatures by botocore, as JSON lines: what S3RequestSigner must reproduce byte by byte.

Whole clients make the requests, from parameters to bytes on the wire, so that botocore's own encoding of keys and
queries is what is compared. Nothing is sent: the transport is cut off. The same seed gives the same cases.

Usage: botocore-cases.py COUNT [SEED]
"""

import datetime
import json
import random
import sys

import botocore.auth
import botocore.awsrequest
import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials
from urllib.parse import parse_qsl, urlsplit

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
ODD = "-._~ !\"#$%&'()*+,:;<=>?@[]^`{|}\\\t\u007f\u00e9\u0301\u00df\u4e2d\u65e5\u200b\u202e\U0001f5bc\U0001f469\u200d"
ENDPOINTS = [None, "http://127.0.0.1:8333", "https://storage.example.com", "http://minio:80", "https://s3.test:443"]
REGIONS = ["us-east-1", "eu-central-1", "ap-southeast-2", "us-gov-west-1"]


def text(rng, alphabet, least, most):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(least, most)))


def key(rng):
    pieces = [text(rng, rng.choice([LETTERS, LETTERS + ODD, ODD]), 1, 12) for _ in range(rng.randint(1, 4))]
    # Slashes in every place where a normaliser would touch them; "." and ".." alone are left to ObjectKey to refuse.
    return rng.choice(["", "", "", "a//", "x/./"]) + "/".join(pieces) + rng.choice(["", "", "", "/", "%2F", "%25"])


def moment(rng):
    # Up to 2099, the first and the last second of a day among them.
    day = datetime.datetime(1990, 1, 1) + datetime.timedelta(days=rng.randint(0, 40_000))
    return day + datetime.timedelta(seconds=rng.choice([0, 86_399, rng.randint(0, 86_399)]))


class Maker:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.session = botocore.session.Session()
        self.clients = {}
        self.now = None
        self.prepared = None
        botocore.auth.get_current_datetime = lambda remove_tzinfo=True: self.now

    def capture(self, request, **_):
        self.prepared = request
        return botocore.awsrequest.AWSResponse(request.url, 200, {}, _Body())

    def client(self, place, region, style):
        if (place, region, style) not in self.clients:
            # Two checksum headers would only lengthen the cases.
            config = Config(
                signature_version="s3v4", s3={"addressing_style": style}, retries={"total_max_attempts": 1},
                request_checksum_calculation="when_required", response_checksum_validation="when_required")
            client = self.session.create_client(
                "s3", region_name=region, endpoint_url=place, config=config, aws_access_key_id="unused",
                aws_secret_access_key="unused", verify=False)
            client.meta.events.register("before-send.s3", self.capture)
            self.clients[place, region, style] = client
        return self.clients[place, region, style]

    def case(self):
        rng = self.rng
        place, region = rng.choice(ENDPOINTS), rng.choice(REGIONS)
        style = "path" if place == "http://127.0.0.1:8333" else rng.choice(["path", "virtual"])
        client = self.client(place, region, style)
        credentials = Credentials(
            "AKIA" + text(rng, LETTERS, 16, 16), text(rng, LETTERS + "/+", 40, 40),
            text(rng, LETTERS + "/+=", 100, 600) if rng.random() < 0.4 else None)
        client._request_signer._credentials = credentials
        self.now = moment(rng)
        bucket = text(rng, "abcdefghijklmnopqrstuvwxyz0123456789", 3, 20)
        facts = {
            "accessKeyId": credentials.access_key, "secretAccessKey": credentials.secret_key,
            "sessionToken": credentials.token, "region": region, "style": style, "bucket": bucket,
            "milliseconds": int(self.now.replace(tzinfo=datetime.timezone.utc).timestamp()) * 1000 + rng.randint(0, 999),
        }
        make = self.presigned if rng.random() < 0.5 else self.by_header
        facts.update(make(client, bucket))
        return facts

    def presigned(self, client, bucket):
        rng = self.rng
        name = rng.choice(["get_object", "get_object", "head_object", "put_object", "delete_object", "upload_part"])
        parameters, headers = {"Bucket": bucket, "Key": key(rng)}, []
        if name in ("get_object", "head_object") and rng.random() < 0.7:
            parameters["ResponseContentDisposition"] = "attachment; filename=\"" + text(rng, LETTERS + ODD, 1, 20) + "\""
            if rng.random() < 0.5:
                parameters["ResponseContentType"] = rng.choice(["image/png", "image/avif; a=\"b c\""])
        if name == "put_object" and rng.random() < 0.7:
            parameters["ContentType"] = rng.choice(["image/png", "image/svg+xml"])
            headers.append(["content-type", parameters["ContentType"]])
        if name == "put_object" and rng.random() < 0.3:
            parameters["IfNoneMatch"] = "*"
            headers.append(["if-none-match", "*"])
        if name == "upload_part":
            parameters.update(PartNumber=rng.randint(1, 10_000), UploadId=text(rng, LETTERS + "-._~+/=", 10, 60))
        seconds = rng.choice([1, 604_800, rng.randint(1, 604_800)])
        url = client.generate_presigned_url(name, Params=parameters, ExpiresIn=seconds)
        parts = urlsplit(url)
        query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].startswith("X-Amz-")]
        return {
            "kind": "presigned", "endpoint": self.endpoint(parts, bucket), "key": parameters["Key"], "query": query,
            "headers": headers, "payload": None, "seconds": seconds, "expected": self.without_own_port(url),
            "method": {"get": "GET", "head": "HEAD", "put": "PUT", "delete": "DELETE", "upload": "PUT"}[name.split("_")[0]],
        }

    def by_header(self, client, bucket):
        rng = self.rng
        object_key = key(rng)
        of_object = {"Bucket": bucket, "Key": object_key}
        upload = text(rng, LETTERS + "-._~+/=", 10, 60)
        name, parameters = rng.choice([
            ("get_object", {**of_object, "Range": f"bytes={rng.randint(0, 99)}-{rng.randint(100, 999)}"}),
            ("head_object", of_object),
            ("put_object", {**of_object, "Body": text(rng, LETTERS, 0, 99).encode(), "IfNoneMatch": "*",
                            "Metadata": {"note": "  two   spaces\t and a tab "}, "ContentType": "image/png"}),
            ("delete_object", of_object),
            ("create_multipart_upload", {**of_object, "ContentType": "image/png", "ChecksumAlgorithm": "SHA256"}),
            ("upload_part", {**of_object, "UploadId": upload, "PartNumber": rng.randint(1, 10_000), "Body": b"part"}),
            ("complete_multipart_upload", {**of_object, "UploadId": upload,
                                           "MultipartUpload": {"Parts": [{"ETag": "e", "PartNumber": 1}]}}),
            ("abort_multipart_upload", {**of_object, "UploadId": upload}),
            ("list_objects_v2", {"Bucket": bucket, "Prefix": object_key, "MaxKeys": rng.randint(1, 1000),
                                 "ContinuationToken": text(rng, LETTERS + "+/= ", 1, 60)}),
            ("delete_objects", {"Bucket": bucket, "Delete": {"Objects": [{"Key": "a"}]}}),
        ])
        self.prepared = None
        try:
            getattr(client, name)(**parameters)
        except Exception:
            # The empty answer pleases no parser; the request is what counts.
            if self.prepared is None:
                raise
        request = self.prepared
        parts = urlsplit(request.url)
        sent = {name.lower(): value.decode() if isinstance(value, bytes) else value
                for name, value in request.headers.items()}
        signed = sent["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
        added = {"host", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"}
        return {
            "kind": "header", "endpoint": self.endpoint(parts, bucket),
            "key": "" if name in ("list_objects_v2", "delete_objects") else object_key,
            "query": parse_qsl(parts.query, keep_blank_values=True),
            "headers": [[name, sent[name]] for name in signed if name not in added], "method": request.method,
            "payload": sent["x-amz-content-sha256"], "seconds": None, "expected": sent["authorization"],
        }

    @staticmethod
    def without_own_port(url):
        """botocore signs the host without the scheme's own port, and leaves the port in the address all the same."""
        for scheme, port in (("https", 443), ("http", 80)):
            host = urlsplit(url).netloc
            if url.startswith(scheme + "://") and host.endswith(f":{port}"):
                return url.replace(host, host.removesuffix(f":{port}"), 1)
        return url

    @staticmethod
    def endpoint(parts, bucket):
        host = parts.netloc
        return f"{parts.scheme}://{host.removeprefix(bucket + '.')}"


class _Body:
    """An answer's empty body, as urllib3 would give it."""

    def stream(self, *_, **__):
        return iter(())

    def read(self, *_, **__):
        return b""

    def close(self):
        pass


if __name__ == "__main__":
    maker = Maker(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for _ in range(int(sys.argv[1])):
        print(json.dumps(maker.case()))
