# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
WORKDIR /build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/redress
COPY requirements.lock ./
RUN /opt/redress/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY domain domain
COPY application application
COPY projections projections
COPY interface interface
RUN pip wheel --no-deps --wheel-dir dist . \
    && /opt/redress/bin/pip install --no-deps dist/*.whl

FROM python:3.13-slim
RUN useradd --system --create-home --home-dir /var/lib/redress --uid 10001 redress
COPY --from=build /opt/redress /opt/redress
ENV PATH=/opt/redress/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    REDRESS_HOME=/var/lib/redress \
    REDRESS_HOST=0.0.0.0 \
    REDRESS_PORT=8000
USER 10001
WORKDIR /var/lib/redress
VOLUME /var/lib/redress
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['REDRESS_PORT']}/health/live\", timeout=2)"]
ENTRYPOINT ["redress"]
CMD ["serve"]
