"""Uploads COUNT different objects with boto3 and prints the seconds it took, or prepares the same for curl.

Usage: s3-upload.py NAME COUNT FIRST CALLERS BUCKET TEMPLATE FOLDER, with the environment that boto3 reads. NAME is
"boto3" or "curl", and may have " with our checks" behind it: the SHA-256 is compared, and nothing overwritten. For curl
the bodies and a configuration with presigned URLs go into FOLDER.
"""

import base64
import hashlib
import os
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

name, count, first, callers, bucket, template_path, folder = sys.argv[1:]
count, first, callers = int(count), int(first), int(callers)
with open(template_path, "rb") as file:
    template = file.read()
client = boto3.client(
    "s3", config=Config(signature_version="s3v4", s3={"addressing_style": "path"}, max_pool_connections=callers))
prefix = f"bench/{uuid.uuid4()}"
is_checked = name.endswith(" with our checks")
checks = {"ChecksumAlgorithm": "SHA256", "IfNoneMatch": "*"} if is_checked else {}


def body(number):
    digits = str(number).encode()
    return template[:-len(digits)] + digits


def upload(number):
    client.put_object(
        Bucket=bucket, Key=f"{prefix}/{number}", Body=body(number), ContentType="image/png", **checks)


def write_for_curl(number, conf):
    path = f"{folder}/{number}"
    with open(path, "wb") as file:
        file.write(body(number))
    params = {"Bucket": bucket, "Key": f"{prefix}/{number}"}
    lines = [f'upload-file = "{path}"', "fail"]
    if is_checked:
        checksum = base64.b64encode(hashlib.sha256(body(number)).digest()).decode()
        params |= {"ContentType": "image/png", "ChecksumSHA256": checksum, "IfNoneMatch": "*"}
        headers = ["content-type: image/png", f"x-amz-checksum-sha256: {checksum}", "if-none-match: *"]
        lines += [f'header = "{header}"' for header in headers]
    url = client.generate_presigned_url("put_object", Params=params, ExpiresIn=3600)
    conf.write("\n".join([*([] if number == first else ["next"]), f'url = "{url}"', *lines, ""]))


if name.startswith("curl"):
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/curl.conf", "w") as conf:
        for number in range(first, first + count):
            write_for_curl(number, conf)
else:
    with ThreadPoolExecutor(callers) as pool:
        # Connections and code are there before the time counts.
        list(pool.map(upload, range(first - 4 * callers, first)))
        start = time.perf_counter()
        list(pool.map(upload, range(first, first + count)))
        print(time.perf_counter() - start)
