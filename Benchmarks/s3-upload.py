"""Uploads COUNT different objects with boto3 and prints the seconds it took, or prepares the same for curl.

Usage: s3-upload.py NAME COUNT FIRST CALLERS BUCKET TEMPLATE FOLDER, with the environment that boto3 reads. NAME is
"boto3", "boto3 with our checks", or "curl": then the bodies and a configuration with presigned URLs go into FOLDER.
"""

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
checks = {"ChecksumAlgorithm": "SHA256", "IfNoneMatch": "*"} if name == "boto3 with our checks" else {}


def body(number):
    digits = str(number).encode()
    return template[:-len(digits)] + digits


def upload(number):
    client.put_object(
        Bucket=bucket, Key=f"{prefix}/{number}", Body=body(number), ContentType="image/png", **checks)


if name == "curl":
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/curl.conf", "w") as conf:
        for number in range(first, first + count):
            with open(f"{folder}/{number}", "wb") as file:
                file.write(body(number))
            url = client.generate_presigned_url(
                "put_object", Params={"Bucket": bucket, "Key": f"{prefix}/{number}"}, ExpiresIn=3600)
            conf.write(f'url = "{url}"\nupload-file = "{folder}/{number}"\n')
else:
    with ThreadPoolExecutor(callers) as pool:
        # Connections and code are there before the time counts.
        list(pool.map(upload, range(first - 4 * callers, first)))
        start = time.perf_counter()
        list(pool.map(upload, range(first, first + count)))
        print(time.perf_counter() - start)
