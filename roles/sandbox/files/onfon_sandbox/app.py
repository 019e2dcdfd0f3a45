# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The application: the services and the sandbox's own side, behind the tolerance of the platform."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from onfon_sandbox import __version__, assumptions, sandbox_side, services
from onfon_sandbox.answers import refused
from onfon_sandbox.codes import Code, RefusalError
from onfon_sandbox.faults import Fault, Faults
from onfon_sandbox.gateway import Gateway
from onfon_sandbox.latency import Latency
from onfon_sandbox.settings import is_service
from onfon_sandbox.tolerance import Tolerance

DESCRIPTION = """
A stand-in for the HTTP API of the Onfon SMS gateway, for trying and testing: it texts nobody.

Onfon publishes no machine-readable contract. This one is made from the service and error tables of its REST page, from
captured answers, and from assumptions; each description says which. Letter case of paths and names does not matter, and
every argument is taken from the query, a JSON body or a form body, whatever is documented here.

With `--dlr-url` it pushes a delivery report for each state that a message reaches: an HTTP GET with `messageId`,
`mobile`, `status`, `errorCode`, `submitDate`, `doneDate` and `shortMessage` behind the query that the URL has. Those
names are documented; that states before the final one are told too is an assumption.
"""


def create_app(gateway: Gateway) -> FastAPI:
    """Return the ASGI application that serves `gateway`."""
    # Its /docs brings its own scripts: it is read on machines without the internet too.
    app = FastAPIOffline(
        title="Onfon SMS gateway (sandbox)",
        version=__version__,
        description=DESCRIPTION,
        generate_unique_id_function=lambda route: route.name,
        redirect_slashes=False,
        redoc_url=None,
        openapi_tags=[
            {"name": services.router.tags[0], "description": "The thirteen services of Onfon's REST page."},
            {"name": sandbox_side.router.tags[0], "description": "To look into the sandbox and to play the portal."},
        ],
    )
    app.state.gateway = gateway
    app.state.faults = [Fault(text) for text in gateway.settings.faults]
    app.include_router(services.router)
    app.include_router(sandbox_side.router)
    app.add_middleware(Tolerance, paths=services.PATHS, names=services.ARGUMENT_NAMES)
    # The last one added is the first that a request meets.
    if app.state.faults:
        app.add_middleware(Faults, gateway=gateway, faults=app.state.faults)
    if gateway.settings.latency:
        app.add_middleware(Latency, seconds=gateway.settings.latency)

    @app.exception_handler(RefusalError)
    async def refusal(_request: Request, error: RefusalError) -> Response:
        return refused(gateway, error)

    @app.exception_handler(RequestValidationError)
    async def bad_arguments(request: Request, error: RequestValidationError) -> Response:
        if not is_service(request.url.path):
            return await request_validation_exception_handler(request, error)
        return services.refuse_arguments(gateway, {str(part) for one in error.errors() for part in one["loc"]})

    @app.exception_handler(HTTPException)
    async def no_such_service(request: Request, error: HTTPException) -> Response:
        if not is_service(request.url.path):
            return await http_exception_handler(request, error)
        return refused(gateway, RefusalError(assumptions.NO_SUCH_SERVICE_CODE, error.status_code))

    @app.exception_handler(Exception)
    async def fault(_request: Request, _error: Exception) -> Response:
        return refused(gateway, RefusalError(Code.SOMETHING_WENT_WRONG, 500))

    return app
