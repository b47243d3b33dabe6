# The sandbox: the Python that runs model code, and nothing else. Built by `codevision setup docker`, which fetches the wheels before: no step
# here uses the network. By hand, in a checkout: npm run build && node scripts/fetch-wheels.mjs && docker build --target sandbox .
# BASE_IMAGE may be any image with CPython 3.11 as python3.11 and the GNU C library; it needs no pip.
ARG BASE_IMAGE=python:3.11-slim-bookworm
ARG NODE_IMAGE=node-of-npm

FROM ${BASE_IMAGE} AS packages
COPY build/wheels /wheels
COPY py_sandbox/requirements.lock /wheels/
# pip's own wheel is a program, so the base image's (if it has one) does not matter.
RUN ["/bin/sh", "-c", "python3.11 -I $(echo /wheels/pip-*.whl)/pip install --no-index --find-links /wheels --only-binary :all: --require-hashes --no-deps --no-cache-dir --root-user-action ignore --disable-pip-version-check --target /opt/site --requirement /wheels/requirements.lock && chmod -R a+rX,go-w /opt/site"]

FROM ${BASE_IMAGE} AS sandbox
COPY --from=packages /opt/site /opt/site
COPY py_sandbox /opt/codevision
COPY build/pythonia /opt/pythonia
# A fixed path for the interpreter, wherever this base keeps it. The accounts of the base are none of the code's business, and nothing needs them.
RUN ["/bin/sh", "-c", "mkdir /opt/bin && ln -s $(command -v python3.11) /opt/bin/python3.11 && chmod -R a+rX,go-w /opt/codevision /opt/pythonia && rm -f /etc/passwd* /etc/group* /etc/shadow* /etc/gshadow*"]
ENV LANG=C.UTF-8
WORKDIR /tmp
USER 65532:65532
ENTRYPOINT ["/opt/bin/python3.11", "-I", "-S", "-B", "/opt/codevision/py_sandbox/bootstrap.py", "--site", "/opt/site", "--pythonia", "/opt/pythonia"]

# The controller's Node: the binary as npm has it, on the sandbox's base, whose C library it uses. Instead, NODE_IMAGE may be any image with Node 20 as
# node and the GNU C library, such as node:20-bookworm-slim.
FROM ${BASE_IMAGE} AS node-of-npm
COPY build/node/bin/node /usr/local/bin/node

# The controller, for compose.yaml: the package and what it needs, put there before by scripts/prepare-controller.mjs, so that no step here uses the
# network either.
FROM ${NODE_IMAGE} AS controller
COPY build/controller /opt/codevision
ENV NODE_ENV=production HOME=/tmp
WORKDIR /tmp
# Another user than the sandbox's, of its group: that is all the two have in common.
USER 65533:65532
ENTRYPOINT ["node", "/opt/codevision/dist/cli/main.js"]

# What evaluates in one container, with bubblewrap as its sandbox (docs/kubernetes-slurm.md): the controller, and the sandbox's Python where it looks for it.
FROM controller AS packages-of-bubblewrap
USER 0:0
COPY build/wheels /usr/share/python-wheels
ENV CODEVISION_CACHE=/var/cache/codevision PIP_NO_INDEX=1 PIP_FIND_LINKS=/usr/share/python-wheels
RUN ["node", "/opt/codevision/dist/cli/main.js", "setup", "python"]

FROM controller AS evaluation
USER 0:0
# The one step here that uses the network, unless BASE_IMAGE brings bubblewrap.
RUN ["/bin/sh", "-c", "command -v bwrap || { apt-get update && apt-get install --yes --no-install-recommends bubblewrap && rm -rf /var/lib/apt/lists/*; }"]
COPY --from=packages-of-bubblewrap /var/cache/codevision /var/cache/codevision
RUN ["/bin/sh", "-c", "chmod 1777 /var/cache/codevision && ln -s /opt/codevision/dist/cli/main.js /usr/local/bin/codevision"]
ENV CODEVISION_CACHE=/var/cache/codevision
USER 65533:65533
ENTRYPOINT ["codevision"]
