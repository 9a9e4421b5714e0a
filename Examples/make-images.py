#!/usr/bin/env python3
"""Draws the example images and writes the recorded answers that carry them. Needs Python 3 and nothing else."""

import base64
import json
import struct
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT = 64, 48
HORIZON = 34


def mix(low, high, share):
    return tuple(round(a + (b - a) * share) for a, b in zip(low, high))


def pixel(x, y, top, bottom, sea, lamp):
    """One pixel of a lighthouse on a rock, with its beam over the sea."""
    if y >= HORIZON and (x - 44) ** 2 + 3 * (y - 40) ** 2 < 150:
        return (38, 34, 40)
    if 41 <= x <= 47 and 14 <= y < HORIZON + 2 and abs(x - 44) <= 2 + (y - 14) // 12:
        return (176, 52, 44) if (y // 5) % 2 else (236, 230, 220)
    if 42 <= x <= 46 and 10 <= y < 14:
        return lamp
    if 41 <= x <= 47 and 8 <= y < 10:
        return (60, 40, 44)
    if x < 42 and abs(y - 12) * 4 < 42 - x:
        return mix(lamp, mix(top, bottom, y / HORIZON), 0.35 + x / -200 + 0.25)
    if y >= HORIZON:
        return mix(sea, (10, 16, 34), (y - HORIZON) / (HEIGHT - HORIZON))
    return mix(top, bottom, y / HORIZON)


def png(top, bottom, sea, lamp):
    """The picture as an 8-bit RGB PNG; rows use the Up filter, which suits a gradient."""
    rows, above = b"", bytes(3 * WIDTH)
    for y in range(HEIGHT):
        row = bytes(part for x in range(WIDTH) for part in pixel(x, y, top, bottom, sea, lamp))
        rows += b"\x02" + bytes((now - before) % 256 for now, before in zip(row, above))
        above = row

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


IMAGES = {
    "dusk": png((42, 30, 84), (244, 142, 86), (58, 66, 110), (255, 236, 150)),
    "dawn": png((108, 158, 204), (255, 206, 178), (86, 128, 150), (255, 244, 200)),
    "night": png((6, 8, 26), (28, 36, 78), (18, 26, 54), (255, 240, 170)),
}


def openai_image(name):
    return {"b64_json": base64.b64encode(IMAGES[name]).decode()}


def openai_error(message, kind, code):
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def openai_usage(text, output):
    return {
        "input_tokens": text,
        "input_tokens_details": {"text_tokens": text, "image_tokens": 0},
        "output_tokens": output,
        "output_tokens_details": {"text_tokens": 0, "image_tokens": output},
        "total_tokens": text + output,
    }


def openai_images(created, names, text, output):
    return {
        "created": created,
        "background": "opaque",
        "output_format": "png",
        "quality": "medium",
        "size": "1024x1024",
        "data": [openai_image(name) for name in names],
        "usage": openai_usage(text, output),
    }


def recorded(status, request_id, body, **headers):
    names = {"content-type": "application/json"}
    if request_id:
        names["x-request-id"] = request_id
    names.update((name.replace("_", "-"), value) for name, value in headers.items())
    return {"httpStatus": status, "headers": names, "body": body}


RESPONSES = {
    "openai-images-completed": recorded(
        200, "req_demo_0001", openai_images(1772357400, ["dusk"], 21, 1056)
    ),
    "openai-images-two-images": recorded(
        200, "req_demo_0002", openai_images(1772357460, ["dawn", "night"], 24, 2112)
    ),
    "openai-images-moderation-blocked": recorded(
        400,
        "req_demo_0003",
        openai_error(
            "Your request was rejected by the safety system. If you believe this is an error, contact support and"
            " include the request ID req_demo_0003.",
            "image_generation_user_error",
            "moderation_blocked",
        ),
    ),
    "openai-images-rate-limited": recorded(
        429,
        "req_demo_0004",
        openai_error(
            "Rate limit reached for images per minute. Please try again in 12s.",
            "rate_limit_error",
            "rate_limit_exceeded",
        ),
        retry_after="12",
    ),
    "openai-responses-tool-call": recorded(
        200,
        None,
        {
            "id": "resp_demo_0005",
            "object": "response",
            "created_at": 1772357520,
            "status": "completed",
            "model": "gpt-5.2",
            "output": [
                {
                    "id": "ig_demo_0005",
                    "type": "image_generation_call",
                    "status": "completed",
                    "output_format": "png",
                    "quality": "medium",
                    "size": "1024x1024",
                    "revised_prompt": "A lighthouse on a rocky headland at dusk, its beam sweeping over calm water.",
                    "result": base64.b64encode(IMAGES["dusk"]).decode(),
                },
                {
                    "id": "msg_demo_0005",
                    "type": "message",
                    "status": "completed",
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "Here is your lighthouse.", "annotations": []}],
                },
            ],
            "tools": [{"type": "image_generation", "model": "gpt-image-1.5"}],
            "usage": {
                "input_tokens": 384,
                "input_tokens_details": {"cached_tokens": 128},
                "output_tokens": 92,
                "output_tokens_details": {"reasoning_tokens": 32},
                "total_tokens": 476,
            },
        },
    ),
    "gemini-completed": recorded(
        200,
        None,
        {
            "candidates": [
                {
                    "content": {
                        "role": "model",
                        "parts": [
                            {"text": "A lighthouse at night."},
                            {
                                "inlineData": {
                                    "mimeType": "image/png",
                                    "data": base64.b64encode(IMAGES["night"]).decode(),
                                }
                            },
                        ],
                    },
                    "finishReason": "STOP",
                    "index": 0,
                }
            ],
            "usageMetadata": {
                "promptTokenCount": 16,
                "candidatesTokenCount": 1290,
                "totalTokenCount": 1306,
                "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 16}],
                "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1290}],
            },
            "modelVersion": "gemini-2.5-flash-image",
            "responseId": "resp-demo-0006",
        },
    ),
}


def main():
    for folder in ("images", "responses"):
        (HERE / folder).mkdir(exist_ok=True)
    for name, data in IMAGES.items():
        (HERE / "images" / f"lighthouse-{name}.png").write_bytes(data)
    for name, answer in RESPONSES.items():
        (HERE / "responses" / f"{name}.json").write_text(json.dumps(answer, indent=2) + "\n")


if __name__ == "__main__":
    main()
