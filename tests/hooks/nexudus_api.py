# SPDX-License-Identifier: BSD-2-Clause
"""Nexudus' REST API as its documentation has it, as far as check-ins go: customers, check-ins, passes, tokens."""
import json

USER, PASSWORD = "admin@space.example", "hunter2 battery"
BUSINESS, ADA = 4711, 101


class Nexudus:
    def __init__(self, server):
        self.server, self.page_size, self.before = server, 100, None
        server.answer = self.answer
        self.customers = [self.customer(ADA, "Ada@Acme.com"), self.customer(102, "ben@acme.com")]
        self.visits, self.passes = [], [self.ticket(1)]
        self.tokens, self.grants, self.writes, self.number = set(), [], [], 900
        self.filters = True

    @staticmethod
    def customer(number, email, **more):
        return {"Id": number, "Email": email, "Active": True, "FullName": "Ada", **more}

    @staticmethod
    def ticket(number, **more):
        return {"Id": number, "CoworkerId": ADA, "BusinessId": BUSINESS, "Used": False, "IsPayAsYouGo": False,
                "ExpireDate": None, **more}

    def visit(self, **more):
        self.number += 1
        self.visits.append({"Id": self.number, "CoworkerId": ADA, "BusinessId": BUSINESS, "ToTime": None,
                            "FromTime": "2026-03-01T08:00:00Z", "Source": 1, "Price": 12.50, "Note": "\u00e4 \"x\"",
                            "UniqueId": "6f79043b", **more})
        return self.visits[-1]

    def answer(self, request):
        """`before` may answer in the place of the API, once for each time that it gives something."""
        if self.before:
            said = self.before(request)  # pylint: disable=not-callable
            if said != "go on":
                return said
        if request.path == "/api/token":
            return self._token(request)
        if request.headers.get("Authorization", "") not in {f"Bearer {token}" for token in self.tokens}:
            return 401, '{"Message":"Authorization has been denied for this request."}'
        return self._route(request)

    def _token(self, request):
        form = request.form
        self.grants.append(form["grant_type"])
        good = form.get("username") == USER and form.get("password") == PASSWORD
        if form["grant_type"] == "refresh_token":
            good = form.get("refresh_token") == "refresh-1" and form.get("client_id") == USER
        if not good:
            return 400, '{"error":"invalid_grant","error_description":"The user name or password is incorrect."}'
        self.tokens = {f"token-{len(self.grants)}"}
        return 200, json.dumps({"access_token": max(self.tokens), "token_type": "bearer", "expires_in": 604799,
                                "refresh_token": "refresh-1"})

    def _route(self, request):
        if request.method == "GET" and request.path.startswith("/api/spaces/checkins/"):
            number = int(request.path.rsplit("/", 1)[1])
            return 200, json.dumps(next(v for v in self.visits if v["Id"] == number))
        if request.path == "/api/spaces/checkins" and request.method in ("POST", "PUT"):
            return self._write(request)
        lists = {"/api/spaces/coworkers": self.customers, "/api/spaces/checkins": self.visits,
                 "/api/billing/coworkertimepasses": self.passes}
        if request.method != "GET" or request.path not in lists:
            return 404, ""
        return self._list(lists[request.path], request.query)

    def _list(self, records, query):
        wanted = {"Coworker_Email": "Email", "Checkin_Coworker": "CoworkerId", "Checkin_Business": "BusinessId",
                  "CoworkerTimePass_Coworker": "CoworkerId"}
        for name, field in wanted.items():
            if name in query and self.filters:
                records = [r for r in records if str(r[field]).lower() == query[name].lower()]
        if "from_Checkin_FromTime" in query and self.filters:
            records = [r for r in records if r["FromTime"] >= query["from_Checkin_FromTime"]]
        page, size = int(query["page"]), min(self.page_size, int(query["size"]))
        return 200, json.dumps({"Records": records[(page - 1) * size:page * size], "CurrentPage": page,
                                "TotalItems": len(records), "HasNextPage": page * size < len(records)})

    def _write(self, request):
        self.writes.append((request.method, request.json))
        if request.method == "POST":
            self.visit(**request.json)
        else:
            self.visits = [request.json if v["Id"] == request.json["Id"] else v for v in self.visits]
        return 200, '{"Status":200,"Message":"ok","Value":{"Id":1},"WasSuccessful":true,"Errors":null}'
