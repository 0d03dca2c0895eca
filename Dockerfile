# Tocsin in a container: docker build -t tocsin . && docker compose up
# Two stages, so that no build tool stays; not root; everything it writes is in /data.

FROM python:3.12.8-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/tocsin
WORKDIR /src
COPY requirements.lock ./
RUN /opt/tocsin/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY storage storage
COPY templates templates
RUN /opt/tocsin/bin/pip install --no-deps --no-build-isolation .

FROM python:3.12.8-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin tocsin \
    && install -d -m 0700 -o tocsin -g tocsin /data
COPY --from=build /opt/tocsin /opt/tocsin
ENV PATH=/opt/tocsin/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite+aiosqlite:////data/tocsin.db \
    TOCSIN_BIND=0.0.0.0:8080 \
    TOCSIN_PUBLIC_BIND=0.0.0.0:8081
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/readyz', timeout=4)"]
ENTRYPOINT ["tocsin"]
CMD ["run"]
