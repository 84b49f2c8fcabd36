"""An API process as `berth api` runs it, which logs all that it can."""

import uvicorn

from service.core.log import set_up_logging
from service.main import create_app
from service.settings import Settings

if __name__ == "__main__":
    set_up_logging(as_json=True, level="DEBUG")
    settings = Settings()
    app = create_app(settings, delivers_webhooks=True)
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None)
