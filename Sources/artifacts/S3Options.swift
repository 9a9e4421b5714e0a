internal import ArgumentParser
internal import ArtifactStore

#if S3
    internal import ArtifactStoreS3
#endif

/// How the bucket of `--objects s3://BUCKET` is reached. Credentials are never taken from arguments, which other users
/// can see.
struct S3Options: ParsableArguments {
    /// Where the bucket's name goes in addresses.
    enum Style: String, ExpressibleByArgument, CaseIterable {
        case path
        case virtualHost = "virtual-host"
    }

    @Option(
        help: ArgumentHelp(
            "Where S3 answers. Default: $AWS_ENDPOINT_URL_S3, $AWS_ENDPOINT_URL, else Amazon's.", valueName: "url"))
    var s3Endpoint: String?
    @Option(
        help: ArgumentHelp(
            "The bucket's region. Default: $AWS_REGION, $AWS_DEFAULT_REGION, else the AWS profile's.",
            valueName: "name"))
    var s3Region: String?
    @Option(
        help: ArgumentHelp(
            "Where the bucket's name goes. Default: path with an endpoint, else virtual-host.", valueName: "style"))
    var s3Style: Style?

    #if S3
        /// - Throws: ``StoreError`` `invalidInput` naming what is missing or wrong.
        func storage(_ bucket: String) throws(StoreError) -> any ChunkReadingStorage {
            let named = if let s3Region { s3Region } else { try S3Environment.process.region() }
            guard let region = named else {
                throw StoreError(
                    .invalidInput, "no region is named for the bucket \(bucket)",
                    hint: "Give --s3-region, set AWS_REGION, or add region to the AWS profile; a server of your own"
                        + " may take any.")
            }
            var configuration = try S3Configuration(bucket: bucket, region: region)
            let style = s3Style.map { $0 == .path ? S3Endpoint.Style.path : .virtualHost }
            let address =
                s3Endpoint ?? Environment.value("AWS_ENDPOINT_URL_S3") ?? Environment.value("AWS_ENDPOINT_URL")
            if let address {
                configuration.endpoint = try S3Endpoint(address, style: style ?? .path)
            } else if let style {
                configuration.endpoint = try .aws(region: region, style: style)
            }
            return try S3ObjectStorage(configuration)
        }
    #else
        func storage(_ bucket: String) throws(StoreError) -> any ChunkReadingStorage {
            throw StoreError(
                .invalidInput, "the objects are said to be in the bucket \(bucket), and this command has no S3",
                hint: "Build it with S3: swift build -c release --traits CLI,S3 --product artifacts.")
        }
    #endif
}
