# Baton in a container. It writes nowhere but to /data (and /tmp), so the rest can be read-only:
#
#   docker build -t baton .
#   docker run --read-only --tmpfs /tmp -v baton:/data -p 8000:8000 --env-file baton.env baton
#
# Settings come from BATON_* variables or from /data/baton.toml. Folder, address and port are set here, as
# variables, which win over the file: another port inside is asked for with -e BATON_HTTP_PORT=..., so that
# the health check finds it. `baton doctor` and the other commands are run as: docker run ... baton doctor

FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY pathway pathway
COPY cards cards
COPY agendas agendas
COPY storage storage
COPY handlers handlers
COPY bot bot
RUN pip wheel --no-cache-dir --disable-pip-version-check --wheel-dir /wheels .

FROM python:3.11-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --disable-pip-version-check --no-index --find-links /wheels baton-care \
    && useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin baton \
    && install -d -o baton -g baton -m 0700 /data
ENV BATON_DATA_FOLDER=/data \
    BATON_HTTP_HOST=0.0.0.0 \
    BATON_HTTP_PORT=8000 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['BATON_HTTP_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["baton"]
CMD ["run"]
