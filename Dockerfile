# One image for the API and the worker: `docker run IMAGE api`, `docker run IMAGE worker`.
# The base image is named by tag; a deployment that wants the very same bytes adds its digest.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/berth/venv
COPY requirements/runtime.txt requirements/
RUN /opt/berth/venv/bin/pip install --no-deps --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY requirements requirements
COPY service service
COPY programs programs
COPY sandbox sandbox
COPY migrations migrations
COPY examples examples
RUN python -m venv /opt/builder \
    && /opt/builder/bin/pip install --require-hashes --no-deps -r requirements/build.txt \
    && /opt/builder/bin/pip wheel --no-deps --no-build-isolation -w /wheels . \
    && /opt/berth/venv/bin/pip install --no-deps --no-index /wheels/*.whl

# The official CLI and the aws, eks and kubernetes plugins, verified by service/installation/pins.toml.
FROM build AS engine
RUN /opt/berth/venv/bin/berth engine install --prefix /opt/berth/engine

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="Berth" \
      org.opencontainers.image.licenses="Apache-2.0"
# `aws eks get-token` is how the Kubernetes provider comes by its tokens. The distribution keeps the newest
# package of a release alone: a pinned one could not be built again.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends awscli \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 berth \
    && useradd --system --uid 10001 --gid berth --home-dir /var/lib/berth --create-home berth
COPY --from=build /opt/berth/venv /opt/berth/venv
COPY --from=engine /opt/berth/engine /opt/berth/engine
ENV PATH=/opt/berth/engine/bin:/opt/berth/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BERTH_DATA_DIR=/var/lib/berth \
    BERTH_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/berth
VOLUME ["/var/lib/berth", "/tmp"]
EXPOSE 8080
# The API and the worker are asked differently: whoever runs them says how (docker-compose.yml).
HEALTHCHECK NONE
ENTRYPOINT ["berth"]
CMD ["api"]
