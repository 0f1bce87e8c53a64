"""A web service that evaluates subjects by the profiles that are installed, and checks results.

    pip install 'xhht[sign]' fastapi uvicorn
    uvicorn service:app        # then open http://127.0.0.1:8000/docs

What is said of a person stands in the body alone, never in an address, and is neither logged nor
repeated in an error.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from xhht import (
    FactsError,
    Profile,
    Registry,
    XhhtError,
    facts_from_json,
    facts_schema,
    installed_profiles,
)
from xhht._json import DuplicateKeys, read_json
from xhht.dates import iso_day
from xhht.documents import dumps_result, loads_result, make_document, result_schema, verify
from xhht.text import Text

logger = logging.getLogger("learning_titles")

Schema = dict[str, Any]
Endpoint = Callable[[Request], Awaitable[Response]]


def create_app(profiles: Registry) -> FastAPI:
    """Return the service for some profiles; each has an address and a form of its own."""
    app = FastAPI(title="Learning titles", version="1")
    newest = {profile.id: profiles.get(profile.id) for profile in profiles}
    components = _components("Result", result_schema())
    for profile in newest.values():
        components |= _components(profile.id, _request_schema(profile))
        app.add_api_route(
            f"/evaluate/{profile.id}",
            _evaluating(profile),
            methods=["POST"],
            summary=profile.name.vi,
            description=profile.name.en,
            openapi_extra=_body(profile.id),
            responses={200: _content("Result")},
        )

    @app.get("/profiles")
    def list_profiles() -> list[dict[str, str]]:
        """Return the profiles by which subjects can be evaluated."""
        return [
            {
                "id": profile.id,
                "version": profile.version,
                "hash": profile.hash,
                **_both(profile.name),
            }
            for profile in newest.values()
        ]

    @app.post("/verify", openapi_extra=_body("Result"))
    async def verify_result(request: Request) -> dict[str, Any]:
        """Return what differs when a result is computed anew."""
        verification = verify(loads_result(await request.body()), profiles=profiles)
        return {
            "verified": not any(finding.is_fault for finding in verification),
            "findings": [
                {**finding.to_dict("en"), "message": _both(finding.text)}
                for finding in verification
            ],
        }

    @app.exception_handler(XhhtError)
    async def refuse(_: Request, error: XhhtError) -> JSONResponse:
        code, field = getattr(error, "code", "not_json"), getattr(error, "field", None)
        logger.info("refused: %s", code)
        detail = {"code": code, "field": field, "message": _both(error.text)}
        return JSONResponse({"error": detail}, status_code=422)

    app.openapi = lambda: _described(app, components)  # type: ignore[method-assign]
    return app


def _evaluating(profile: Profile) -> Endpoint:
    async def evaluate_subject(request: Request) -> Response:
        """Return the result as a document that anyone can check."""
        subject = _asked(read_json(await request.body()))
        document = make_document(
            profile,
            facts_from_json(subject["facts"]),
            as_of=_day(subject.get("as_of")),
            subject=subject.get("subject"),
        )
        logger.info("%s: %s", profile.reference, document.outcome.verdict)
        return Response(dumps_result(document), media_type="application/json")

    return evaluate_subject


def _asked(body: object) -> Mapping[str, Any]:
    """Return the body of a request; raises FactsError where it has another form."""
    if not isinstance(body, dict) or isinstance(body, DuplicateKeys):
        raise FactsError(_FORM, code="bad_request", field=None)
    unknown = body.keys() - {"facts", "as_of", "subject"}
    if unknown or not isinstance(body.get("facts"), dict):
        raise FactsError(_FORM, code="bad_request", field="facts")
    if not isinstance(body.get("subject"), str | None):
        raise FactsError(_FORM, code="bad_request", field="subject")
    return body


def _day(text: object) -> date:
    try:
        return iso_day(text if isinstance(text, str) else "")
    except ValueError:
        raise FactsError(_NO_DAY, code="not_a_date", field="as_of") from None


def _request_schema(profile: Profile) -> Schema:
    schema = facts_schema(profile)
    facts = {key: value for key, value in schema.items() if not key.startswith("$")}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["facts", "as_of"],
        "properties": {
            "facts": facts,
            "as_of": {"type": "string", "format": "date", "description": "The day to judge for."},
            "subject": {"type": ["string", "null"], "description": "Whose result it is."},
        },
        "$defs": schema.get("$defs", {}),
    }


def _components(name: str, schema: Schema) -> dict[str, Schema]:
    """Return a schema and those it refers to, as OpenAPI wants them: side by side."""
    root = {key: value for key, value in schema.items() if not key.startswith("$")}
    parts = {f"{name}.{key}": value for key, value in schema.get("$defs", {}).items()}
    return {key: _rebased(value, name) for key, value in {name: root, **parts}.items()}


def _rebased(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _rebased(item, name) for key, item in value.items()}
    if isinstance(value, list):
        return [_rebased(item, name) for item in value]
    if isinstance(value, str) and value.startswith("#/$defs/"):
        return value.replace("#/$defs/", f"#/components/schemas/{name}.")
    return value


def _content(name: str) -> Schema:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"content": {"application/json": {"schema": schema}}}


def _body(name: str) -> Schema:
    return {"requestBody": {"required": True, **_content(name)}}


def _described(app: FastAPI, components: dict[str, Schema]) -> Schema:
    if app.openapi_schema is None:
        description = get_openapi(title=app.title, version=app.version, routes=app.routes)
        description.setdefault("components", {}).setdefault("schemas", {}).update(components)
        app.openapi_schema = description
    return app.openapi_schema


def _both(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}


_FORM = Text(
    vi="Nội dung phải là object có facts (dữ kiện), as_of (ngày đánh giá) và có thể có subject.",
    en="The body must be an object with facts, as_of (the day to judge for) and maybe a subject.",
)
_NO_DAY = Text(vi="as_of phải là ngày dạng 2024-12-31.", en="as_of must be a date like 2024-12-31.")

app = create_app(installed_profiles())
