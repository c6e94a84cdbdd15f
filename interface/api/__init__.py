"""The HTTP API: parse, call, present.

Here are the application, its errors, and the endpoints that need no case. They may
import all of these packages, each of which may import only those above it:

conventions   what all endpoints share: problems, pages, queries, uploads, OpenAPI
sent          what clients send: bodies and acts
shown         what clients are shown of a case, told from its events
offered       the actions that a case offers, with their fields
disputes      endpoints on which a dispute is filed, read, handled and ruled
oversight     endpoints that look into the record and over all cases
"""
