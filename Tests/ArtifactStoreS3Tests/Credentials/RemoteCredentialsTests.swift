import ArtifactStore
import ArtifactStoreS3
import Foundation
import Testing

@Suite("Credentials from STS and from a container's agent")
struct RemoteCredentialsTests {
    private static let stsAnswer = """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAKEY</AccessKeyId>
        <SecretAccessKey>s/1</SecretAccessKey><SessionToken>t=</SessionToken>
        <Expiration>2026-01-01T01:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>
        """
    private static let agentAnswer = """
        {"AccessKeyId": "ASIAKEY", "SecretAccessKey": "s", "Token": "t", "Expiration": "2026-01-01T01:00:00Z"}
        """
    private static let identity = [
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/r", "AWS_REGION": "eu-west-3",
    ]

    private func webIdentity(
        _ variables: [String: String], _ transport: ScriptedTransport, token: String = "a.b+c/d\n"
    ) -> WebIdentityS3Credentials {
        WebIdentityS3Credentials(
            environment(variables, files: ["/token": token]), transport: transport, timing: ManualTime().timing)
    }

    private func agent(_ variables: [String: String], _ transport: ScriptedTransport) -> ContainerS3Credentials {
        ContainerS3Credentials(
            environment(variables, files: ["/token": "from a file\n"]), transport: transport,
            timing: ManualTime().timing)
    }

    @Test("A web identity token is exchanged at the region's STS")
    func exchange() async throws {
        let transport = ScriptedTransport([answer(200, Self.stsAnswer)])
        let found = try #require(try await webIdentity(Self.identity, transport).credentials())
        #expect(found.accessKeyId == "ASIAKEY" && found.secretAccessKey.reveal() == "s/1")
        #expect(found.sessionToken?.reveal() == "t=" && found.expiresAt == Timestamp("2026-01-01T01:00:00Z"))
        let request = try #require(transport.requests.first)
        #expect(request.method == "POST" && request.url == "https://sts.eu-west-3.amazonaws.com/")
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"
                + "&RoleSessionName=swift-artifact-store&WebIdentityToken=a.b%2Bc%2Fd")
    }

    @Test("STS answers elsewhere in China, without a region, and where a variable says")
    func places() async throws {
        for (variables, url) in [
            (["AWS_REGION": "cn-north-1"], "https://sts.cn-north-1.amazonaws.com.cn/"),
            (["AWS_REGION": ""], "https://sts.amazonaws.com/"),
            (["AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9"], "http://127.0.0.1:9/"),
        ] {
            let transport = ScriptedTransport([answer(200, Self.stsAnswer)])
            _ = try await webIdentity(Self.identity.merging(variables) { $1 }, transport).credentials()
            #expect(transport.requests.map(\.url) == [url])
        }
    }

    @Test("STS is asked again after a moment's trouble, and its refusal is an error without the token")
    func refused() async throws {
        let retried = ScriptedTransport([answer(503), fails(.timedOut), answer(200, Self.stsAnswer)])
        #expect(try await webIdentity(Self.identity, retried).credentials() != nil)
        let denied = answer(
            403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>canary</Message></Error></ErrorResponse>")
        let error = try await storeError(.objectStorage) {
            _ = try await webIdentity(Self.identity, ScriptedTransport([denied]), token: "canary").credentials()
        }
        #expect(error.message.contains("AccessDenied") && !error.description.contains("canary"))
        for nonsense in ["", "<a/>", "{}", Self.stsAnswer.replacing("2026-01-01T01:00:00Z", with: "soon")] {
            _ = try await storeError(.objectStorage) {
                _ = try await webIdentity(Self.identity, ScriptedTransport([answer(200, nonsense)])).credentials()
            }
        }
    }

    @Test("Half a web identity is an error, none is nil")
    func half() async throws {
        let transport = ScriptedTransport([])
        #expect(try await webIdentity([:], transport).credentials() == nil)
        _ = try await storeError(.invalidInput) {
            _ = try await webIdentity(["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"], transport).credentials()
        }
        for (path, token) in [("/missing", "t"), ("/token", "\n")] {
            _ = try await storeError(.invalidInput) {
                _ = try await webIdentity(
                    Self.identity.merging(["AWS_WEB_IDENTITY_TOKEN_FILE": path]) { $1 }, transport, token: token
                ).credentials()
            }
        }
    }

    struct AgentCase: Sendable {
        let variables: [String: String]
        let url: String
        let token: String?
    }

    @Test(
        "The agents of ECS and EKS are asked, with the token of a variable or of a file",
        arguments: [
            AgentCase(
                variables: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/1?a=b"],
                url: "http://169.254.170.2/v2/credentials/1?a=b", token: nil),
            AgentCase(
                variables: [
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
                ], url: "http://169.254.170.23/v1/credentials", token: "from a file"),
            AgentCase(
                variables: [
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:51679/x",
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic x",
                ], url: "http://localhost:51679/x", token: "Basic x"),
            AgentCase(
                variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://agent.example"],
                url: "https://agent.example/", token: nil),
        ])
    func agents(asked: AgentCase) async throws {
        let transport = ScriptedTransport([answer(200, Self.agentAnswer)])
        let found = try #require(try await agent(asked.variables, transport).credentials())
        #expect(found.accessKeyId == "ASIAKEY" && found.expiresAt == Timestamp("2026-01-01T01:00:00Z"))
        #expect(transport.requests.map(\.url) == [asked.url])
        #expect(transport.requests[0].headers.first { $0.name == "authorization" }?.value == asked.token)
    }

    @Test(
        "No other address gets the token over plain HTTP",
        arguments: [
            "http://example.com/", "http://169.254.169.254/", "http://127.0.0.1.example.com/", "http://localhost@evil/",
            "http://1270.0.0.1/", "ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1", "http://127.0.0.1/a b",
        ])
    func untrusted(address: String) async throws {
        let transport = ScriptedTransport([])
        _ = try await storeError(.invalidInput) {
            _ = try await agent(["AWS_CONTAINER_CREDENTIALS_FULL_URI": address], transport).credentials()
        }
        #expect(transport.requests.isEmpty)
    }

    @Test("A token with a line break, which would begin another header, is refused and not repeated")
    func tokenInTwoLines() async throws {
        let transport = ScriptedTransport([])
        let variables = [
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "CANARY\r\nx: y",
        ]
        let error = try await storeError(.invalidInput) { _ = try await agent(variables, transport).credentials() }
        #expect(transport.requests.isEmpty && !error.description.contains("CANARY"))
    }

    @Test("An agent's refusal, nonsense or endless answer is an error")
    func agentRefusals() async throws {
        let variables = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"]
        for bad in [answer(404), answer(200, "[]"), answer(200, String(repeating: " ", count: 70_000))] {
            _ = try await storeError(.objectStorage) {
                _ = try await agent(variables, ScriptedTransport([bad])).credentials()
            }
        }
        #expect(try await agent([:], ScriptedTransport([])).credentials() == nil)
    }
}
