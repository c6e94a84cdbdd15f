"""The HTTP API: parse, call, present.

The files here hold what all endpoints share: the application, the context of a
request, problems, pages, uploads. The rooms may import only those above them:

openapi     the OpenAPI document: what it says beyond the signatures
responses   what clients are shown
commands    what clients send on a case: path, body and words of each command
actions     what a case offers, with what the fields may hold
routes      the endpoints that are no commands on a case
"""
