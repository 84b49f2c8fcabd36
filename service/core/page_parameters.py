"""The query parameters of lists that come in pages."""

from typing import Annotated

from fastapi import Query

from service.core.pages import MAX_PAGE_SIZE

PageSize = Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE, description="Items on a page at most")]
PageToken = Annotated[
    str | None,
    Query(max_length=256, description="`next_page_token` of the page before; absent for the first page"),
]
