// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "swift-artifact-store",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "ArtifactStore", targets: ["ArtifactStore"]),
        .library(name: "ArtifactStoreS3", targets: ["ArtifactStoreS3"]),
        .library(name: "ProviderResponses", targets: ["ProviderResponses"]),
        .library(name: "ArtifactStoreTesting", targets: ["ArtifactStoreTesting"]),
        .executable(name: "artifacts", targets: ["artifacts"]),
    ],
    traits: [
        .trait(name: "CLI", description: "The artifacts command; without it swift-argument-parser is not fetched."),
        .trait(name: "S3", description: "HTTP for ArtifactStoreS3; without it async-http-client is not fetched."),
        .default(enabledTraits: ["CLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .target(
            name: "ArtifactSchema", path: "migrations", exclude: ["README.md", "schema.sql", "schema.sum"],
            resources: [
                .embedInCode("0001_artifacts.sql"),
                .embedInCode("0002_ledger_is_fixed.sql"),
                .embedInCode("0003_cached_input_usage.sql"),
                .embedInCode("0004_deletion.sql"),
                .embedInCode("0005_catalogue_cost_search.sql"),
                .embedInCode("verification/0003_verification.sql"),
                .embedInCode("verification/0004_verification.sql"),
                .embedInCode("verification/0005_verification.sql"),
            ]),
        .target(
            name: "ArtifactStore",
            dependencies: [
                "ArtifactSchema",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "ArtifactStoreS3",
            dependencies: [
                "ArtifactStore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(
                    name: "AsyncHTTPClient", package: "async-http-client", condition: .when(traits: ["S3"])),
                .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["S3"])),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: .when(traits: ["S3"])),
            ]),
        .target(name: "ProviderResponses", dependencies: ["ArtifactStore"]),
        .target(
            name: "ArtifactStoreTesting",
            dependencies: ["ArtifactStore", .product(name: "Crypto", package: "swift-crypto")]),
        .executableTarget(
            name: "artifacts",
            dependencies: [
                "ArtifactStore", "ProviderResponses",
                .target(name: "ArtifactStoreS3", condition: .when(traits: ["S3"])),
                .product(
                    name: "ArgumentParser", package: "swift-argument-parser", condition: .when(traits: ["CLI"])),
            ]),
        .executableTarget(
            name: "store-driver",
            dependencies: [
                "ArtifactSchema", "ArtifactStore", "ArtifactStoreTesting",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Tests/StoreDriver"),
        .target(name: "FaultVFS", path: "Tests/FaultVFS", linkerSettings: [.linkedLibrary("sqlite3")]),
        .testTarget(
            name: "ArtifactStoreTests",
            dependencies: [
                "ArtifactSchema", "ArtifactStore", "ArtifactStoreTesting", "FaultVFS", "store-driver",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ArtifactStoreS3Tests",
            dependencies: ["ArtifactStore", "ArtifactStoreS3", "ArtifactStoreTesting"],
            exclude: ["botocore-cases.py"]),
        .testTarget(
            name: "ProviderResponsesTests",
            dependencies: ["ArtifactStore", "ArtifactStoreTesting", "ProviderResponses"]),
        .testTarget(
            name: "CommandTests",
            dependencies: ["artifacts", "store-driver", "ArtifactStore", "ArtifactStoreTesting"],
            exclude: ["Golden"]),
        .testTarget(name: "RepositoryTests", dependencies: ["ArtifactStore", "ProviderResponses"]),
    ]
)

for target in package.targets where target.name != "FaultVFS" {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
